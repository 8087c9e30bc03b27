// A distribution of times.

internal import Histogram

/// Times in nanoseconds with a precision of three digits. Recording allocates nothing.
package struct Latencies: Sendable {
  private var histogram = Histogram<UInt32>(highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .three)

  /// Two minutes; longer times count as this.
  private static let longest: UInt64 = 120_000_000_000

  package init() {}

  package mutating func record(_ nanoseconds: Int) {
    histogram.record(min(UInt64(max(0, nanoseconds)), Self.longest))
  }

  package mutating func add(_ other: Latencies) { histogram.add(other.histogram) }

  package var count: Int { Int(histogram.totalCount) }
  /// The longest time in nanoseconds; 0 where nothing was recorded.
  package var longest: Int { Int(histogram.max) }
  package var mean: Double { count == 0 ? 0 : histogram.mean }

  /// The time in nanoseconds that `percent` of the recorded ones do not exceed; 0 where nothing was recorded.
  package func percentile(_ percent: Double) -> Int {
    count == 0 ? 0 : Int(histogram.valueAtPercentile(percent))
  }
}
