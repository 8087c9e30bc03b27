// Which other process holds a record lock on a file: the locks of fcntl(2), which SQLite uses.

internal import Glibc

/// A process that holds a lock.
package struct LockHolder: Sendable, Hashable {
  /// Its number; `nil` where the kernel does not tell it, as for a process in another PID namespace.
  package let pid: Int32?

  package init(pid: Int32?) { self.pid = pid }

  /// The program's name, of at most 15 bytes; `nil` where there is no such process any more. The name and not the command line,
  /// which may hold secrets, and which whoever may ask for the daemon's health would see. Source: proc_pid_comm(5).
  package var command: String? {
    guard let pid else { return nil }
    let descriptor = open("/proc/\(pid)/comm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let name = String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self)
    // A program chooses its name itself.
    return name.unicodeScalars.map { $0.isPrintable ? String($0) : "\\u{\(String($0.value, radix: 16))}" }.joined()
  }
}

/// A process other than this one that holds a lock on any of `bytes` of the open file which keeps a write lock from being
/// taken; `nil` where there is none. Asking takes no lock and needs no permission to write. This process's own locks never count.
///
/// A process that closes any descriptor of a file loses its record locks on that file, so whoever asks about a file that it
/// locks itself must keep the descriptor open as long as the locks. Source: fcntl(2), F_GETLK and "Record locking and POSIX".
package func lockHolder(of bytes: Range<Int>, in descriptor: Int32) -> LockHolder? {
  var lock = flock()
  lock.l_type = Int16(F_WRLCK)
  lock.l_whence = Int16(SEEK_SET)
  lock.l_start = bytes.lowerBound
  lock.l_len = bytes.count
  guard retryingInterrupts({ fcntl(descriptor, F_GETLK, &lock) }) == 0, lock.l_type != Int16(F_UNLCK) else {
    return nil
  }
  return LockHolder(pid: lock.l_pid > 0 ? lock.l_pid : nil)
}

extension Unicode.Scalar {
  /// Whether a terminal shows it and does nothing else.
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
