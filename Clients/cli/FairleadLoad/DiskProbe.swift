// What one durable write costs on a disk, which everything durable is measured against.

internal import Glibc

package enum DiskProbe {
  /// Appends 4 KiB and calls fdatasync, `rounds` times, in a file that has no name any more while it is written.
  /// - Returns: the times in nanoseconds of a write with its sync.
  package static func fdatasync(in folder: String, rounds: Int, _ interruption: Interruption?) throws(LoadError)
    -> Latencies
  {
    var template = Array("\(folder)/fairlead-sync-\(TemporaryFolder.mark)".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .system("write in \(folder)", errno: errno) }
    defer { close(descriptor) }
    unlink(template)
    let block = [UInt8](repeating: 7, count: 4096)
    var latencies = Latencies()
    for _ in 0..<rounds {
      try interruption?.check()
      let start = Clock.nanoseconds()
      guard write(descriptor, block, block.count) == block.count, Glibc.fdatasync(descriptor) == 0 else {
        throw .system("write in \(folder)", errno: errno)
      }
      latencies.record(Clock.nanoseconds() - start)
    }
    return latencies
  }
}
