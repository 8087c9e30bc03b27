// An advisory lock on a file, which says that a running process owns what the file represents.

internal import Glibc

/// An exclusive lock on a file that exists for this purpose, held until `release` is called or the process ends.
///
/// The kernel drops the lock of a process that dies, however it dies, so whoever gets the lock knows that no earlier holder is
/// alive. Source: flock(2): the lock belongs to the open file description and goes with its last descriptor.
package struct FileLock: Sendable {
  package enum Failure: Error, Sendable, Hashable {
    /// Another process holds it; its pid where the file says.
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

  /// Gives the lock up. The file stays: removing it would let two processes lock two different files under one name.
  package func release() { close(descriptor) }

  private static func pid(in descriptor: CInt) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
  }
}
