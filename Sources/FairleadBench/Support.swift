// What the measurements share: medians, and how figures are printed.

internal import LinuxSupport
internal import LoadGenerator
internal import Glibc

struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension [Double] {
  /// The value in the middle; 0 of none.
  var median: Double {
    let sorted = sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension [Int] {
  var median: Int { Int(map(Double.init).median) }
}

extension Double {
  /// The number with `digits` decimals.
  func text(_ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((self * scale).rounded())
    guard digits > 0 else { return "\(whole)" }
    let fraction = String(abs(whole) % Int(scale))
    return (whole < 0 ? "-" : "") + "\(abs(whole) / Int(scale))."
      + String(repeating: "0", count: digits - fraction.utf8.count) + fraction
  }
}

extension String {
  /// The text followed by spaces up to a width, and by at least one.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(1, width - count)) }
}

extension LoadResult {
  func row(_ name: String) -> String {
    let all = all
    return name.padded(28) + "\(perSecond.text(0))/s".padded(12) + "p50 \(all.percentile(50) / 1000) us".padded(16)
      + "p99 \(all.percentile(99) / 1000) us"
  }
}

/// The output streams of the programs that are started.
enum Streams {
  /// Discarded.
  static let null = Spawn.Stream.null
  /// This program's own standard error.
  static let errors = Spawn.Stream.descriptor(STDERR_FILENO)
}
