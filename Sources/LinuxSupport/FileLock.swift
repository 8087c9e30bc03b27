// An advisory lock on a file, which says that a living process owns what the file stands for.

internal import Glibc

/// Holds `flock(2)` on a file of its own until the process ends or `release` is called. The kernel drops the lock of a
/// process that dies, however it dies, so a lock that can be had was left by nobody alive.
package struct FileLock: Sendable {
  package enum Failure: Error, Sendable, Hashable {
    /// Another process holds it; its pid where the file tells.
    case held(pid: Int32?)
    case system(errno: Int32)
  }

  private let descriptor: CInt

  /// Takes the lock at `path`, creating the file where needed, or fails at once.
  package init(path: String) throws(Failure) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o600))
    guard descriptor >= 0 else { throw .system(errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let error = errno
      let holder = Self.pid(in: descriptor)
      close(descriptor)
      throw error == EWOULDBLOCK ? .held(pid: holder) : .system(errno: error)
    }
    self.descriptor = descriptor
    // The pid helps a person; nothing decides on it, so a full disk here is no reason to fail.
    let pid = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, pid, pid.count, 0) }
  }

  /// Gives the lock up. The file stays: removing it would let two processes lock two files of one name.
  package func release() { close(descriptor) }

  private static func pid(in descriptor: CInt) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
  }
}

/// What the C library says of an `errno`.
package func describe(errno code: Int32) -> String { String(cString: strerror(code)) }

/// The path that `path` leads to, links followed; `path` itself where nothing is there yet.
package func resolved(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}
