// The daemon's Unix socket as a file: private from the start, taken over from a dead daemon but never from a running one.

internal import LinuxSupport
internal import Glibc

/// A listening socket. `remove` deletes the file again, unless another daemon's is at the path by then.
struct SocketFile: Sendable {
  let path: String
  /// Bound and listening; the channel that is made of it owns and closes it.
  let descriptor: CInt
  private let lock: FileLock
  private let identity: Identity

  private struct Identity: Hashable {
    let device: dev_t
    let inode: ino_t

    init?(_ path: String) {
      var status = stat()
      guard lstat(path, &status) == 0 else { return nil }
      device = status.st_dev
      inode = status.st_ino
    }
  }

  /// Binds and listens at `path`. Whether a daemon owns the socket is decided by a lock on a file beside it: the kernel drops
  /// the lock when the process dies, while the socket's file stays.
  init(path: String) throws(StartError) {
    guard path.utf8.count <= UnixAddress.longestPath, !path.utf8.contains(0) else {
      throw StartError(
        "cannot listen on \(path): the path has \(path.utf8.count) bytes, and a socket's has at most "
          + "\(UnixAddress.longestPath); choose a shorter one with --socket")
    }
    do throws(FileLock.Failure) {
      lock = try FileLock(path: path + ".lock")
    } catch {
      switch error {
      case .held(let pid): throw Self.taken(path, by: pid)
      case .system(let code): throw StartError("cannot create \(path).lock: \(describe(errno: code))")
      }
    }
    self.path = path
    do throws(StartError) {
      try Self.clear(path)
      descriptor = try Self.bind(path)
    } catch {
      lock.release()
      throw error
    }
    guard let identity = Identity(path) else {
      lock.release()
      throw StartError("cannot listen on \(path): the socket was removed while it was being made")
    }
    self.identity = identity
  }

  /// Sets the length of the queue of clients that are not accepted yet, anew.
  func listen() throws(StartError) {
    guard Glibc.listen(descriptor, ServerLimits.backlog) == 0 else {
      throw StartError("cannot listen on \(path): \(describe(errno: errno))")
    }
  }

  /// Deletes the file and gives up the lock.
  func remove() {
    if Identity(path) == identity { unlink(path) }
    lock.release()
  }

  private static func taken(_ path: String, by pid: Int32?) -> StartError {
    let holder = pid.map { "fairleadd with pid \($0)" } ?? "another daemon"
    return StartError("cannot listen on \(path): \(holder) does already; stop that one, or choose another --socket")
  }

  /// Removes the socket that a dead daemon left, and refuses anything else at the path.
  private static func clear(_ path: String) throws(StartError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw StartError(
        "cannot listen on \(path): something that is not a socket is there; move it or choose another path")
    }
    guard !isAnswered(path) else { throw taken(path, by: nil) }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw StartError("cannot take over the stale socket \(path): \(describe(errno: errno))")
    }
  }

  /// Whether a process listens at the path, with a lock or without one.
  private static func isAnswered(_ path: String) -> Bool {
    do throws(SystemError) {
      close(try UnixSocket.connected(to: path))
      return true
    } catch {
      // Whatever the reason, nobody answered.
      return false
    }
  }

  private static func bind(_ path: String) throws(StartError) -> CInt {
    // The mode must be right from the first moment: between bind and a later chmod, any user could connect.
    let mask = umask(0o177)
    defer { umask(mask) }
    do throws(SystemError) {
      return try UnixSocket.listening(at: path, backlog: ServerLimits.backlog, nonBlocking: true)
    } catch {
      throw StartError("cannot listen on \(path): \(describe(errno: error.errno))")
    }
  }
}
