// The cost of one durable write on a disk, with which every durable figure is compared.

internal import LinuxSupport
internal import Glibc

package enum DiskProbe {
  /// A file that grows also writes the file system's journal; a file that is overwritten does not.
  package enum Way: Sendable, Hashable {
    case appending
    case overwriting
  }

  private static let block = 4096

  /// Writes 4 KiB and calls fdatasync, `rounds` times, in an unlinked file.
  /// - Returns: the times in nanoseconds of a write with its sync.
  package static func fdatasync(
    _ way: Way = .appending, in folder: String, rounds: Int, _ interruption: Interruption?
  ) throws(LoadError) -> Latencies {
    var template = Array("\(folder)/fairlead-sync-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .system("write in \(folder)", errno: errno) }
    defer { close(descriptor) }
    unlink(template)
    let bytes = [UInt8](repeating: 7, count: block)
    if way == .overwriting {
      let whole = [UInt8](repeating: 0, count: block * rounds)
      guard write(descriptor, whole, whole.count) == whole.count, fsync(descriptor) == 0 else {
        throw .system("write in \(folder)", errno: errno)
      }
    }
    var latencies = Latencies()
    for round in 0..<rounds {
      try interruption?.check()
      let start = monotonicNanoseconds()
      guard pwrite(descriptor, bytes, block, block * round) == block, Glibc.fdatasync(descriptor) == 0 else {
        throw .system("write in \(folder)", errno: errno)
      }
      latencies.record(monotonicNanoseconds() - start)
    }
    return latencies
  }
}
