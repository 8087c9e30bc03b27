// The clock and the disk.

import Glibc

struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

enum Clock {
  static func microseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
  }
}

extension [Int] {
  /// The value below which this share of the sorted values lies.
  func percentile(_ share: Double) -> Int {
    let sorted = sorted()
    return sorted.isEmpty ? 0 : sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }
}

enum Disk {
  /// What one durable write costs at the least: 4 KiB appended and fdatasync, in microseconds.
  static func medianFdatasync(in folder: String, rounds: Int) throws -> Int {
    let descriptor = open("\(folder)/sync", O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw BenchError("cannot write in \(folder)") }
    defer { close(descriptor) }
    let block = [UInt8](repeating: 7, count: 4096)
    let times = try (0..<rounds).map { _ in
      let start = Clock.microseconds()
      guard write(descriptor, block, block.count) == block.count, fdatasync(descriptor) == 0 else {
        throw BenchError("cannot write in \(folder)")
      }
      return Clock.microseconds() - start
    }
    return times.percentile(0.5)
  }
}
