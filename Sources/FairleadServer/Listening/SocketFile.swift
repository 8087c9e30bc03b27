// The daemon's Unix socket as a file: private from the start, taken over from a dead daemon but never from a running one.

internal import FairleadModel
internal import FairleadStore
internal import Glibc
internal import LinuxSupport
internal import Synchronization

/// The path of a socket that this daemon alone may make. `remove` deletes the socket again, unless another daemon's is at the
/// path by then.
final class SocketFile: Sendable {
  let path: String
  let address: UnixAddress
  private let lock: FileLock
  /// Of the socket, once it is made.
  private let identity = Mutex<FileIdentity?>(nil)

  /// Takes the path, and makes nothing yet: who could connect before the daemon can answer would see a failing start as a broken
  /// connection. Whether a daemon owns the socket is decided by a lock on a file beside it: the kernel drops the lock when the
  /// process dies, while the socket's file stays.
  init(path: String) throws(StartError) {
    do throws(SystemError) {
      address = try UnixAddress(path)
    } catch {
      throw StartError(
        "cannot listen on \(path): the path has \(path.utf8.count) bytes, and a socket's has at most "
          + "\(UnixAddress.longestPath); choose a shorter one with --socket")
    }
    do throws(FileLock.Failure) {
      lock = try FileLock(path: path + ".lock")
    } catch {
      switch error {
      case .held(by: .owner(let pid)): throw Self.taken(path, by: "fairleadd with pid \(pid)")
      case .held(by: .other(let pid)):
        throw StartError(
          "cannot listen on \(path): \(describe(process: pid)) holds the lock \(path).lock; end that one, or choose another "
            + "--socket")
      case .notOwn(let fault):
        throw StartError(
          "cannot listen on \(path): its lock \(path).lock is not this user's own: \(fault); move it away, or choose another "
            + "--socket")
      case .system(let code): throw StartError("cannot create \(path).lock: \(describe(errno: code))")
      }
    }
    self.path = path
    do throws(StartError) {
      try Self.clear(path)
    } catch {
      lock.release()
      throw error
    }
  }

  /// Has `bind` make the socket at `address`, for this user alone.
  func make<Value>(_ bind: () throws -> Value) throws(StartError) -> Value {
    // The mode must be right from the first moment: between bind and a later chmod, any user could connect.
    let mask = umask(0o177)
    defer { umask(mask) }
    do {
      let value = try bind()
      identity.withLock { $0 = (try? FileStatus(path: path))?.identity }
      return value
    } catch {
      throw StartError("cannot listen on \(path): \(error)")
    }
  }

  /// Says in health whether new clients find the socket. Where it is gone, those that are connected go on, and nobody else gets
  /// in; a socket at the path that is not this one leads them to another ledger.
  func look(_ health: HealthBoard) {
    guard let made = identity.withLock({ $0 }) else { return }
    let found = try? FileStatus(path: path)
    guard found?.identity != made else { return health.clear(.socketGone) }
    health.raise(
      .socketGone,
      found == nil
        ? "the socket \(path) was deleted or moved: nobody can connect any more"
        : "something else is in the place of the socket \(path): whoever connects there does not reach this daemon",
      remedy: "see what did that, and start fairleadd again; changes that were acknowledged are recorded")
  }

  /// Deletes the file and gives up the lock.
  func remove() {
    if let made = identity.withLock({ $0 }), (try? FileStatus(path: path))?.identity == made { unlink(path) }
    lock.release()
  }

  private static func taken(_ path: String, by holder: String) -> StartError {
    StartError("cannot listen on \(path): \(holder) does already; stop that one, or choose another --socket")
  }

  /// Removes the socket that a dead daemon left, and refuses anything else at the path.
  private static func clear(_ path: String) throws(StartError) {
    guard let status = try? FileStatus(path: path) else { return }
    guard status.kind == .socket else {
      throw StartError(
        "cannot listen on \(path): something that is not a socket is there; move it or choose another path")
    }
    guard status.owner == geteuid() else {
      throw StartError(
        "cannot listen on \(path): the socket there belongs to the user \(userName(of: status.owner)); remove it, or choose "
          + "another --socket")
    }
    guard !isAnswered(path) else { throw taken(path, by: "another daemon") }
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
}
