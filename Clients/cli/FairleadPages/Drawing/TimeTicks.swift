// The round points in time that an axis names.

internal import FairleadModel

enum TimeTicks {
  struct Tick: Sendable, Hashable {
    let at: Timestamp
    let label: String
  }

  private static let minute = 60_000
  private static let day = 86_400_000

  /// At most `count` ticks within the two times, a month or more, days, or parts of a day apart.
  static func between(_ from: Timestamp, _ to: Timestamp, atMost count: Int) -> [Tick] {
    let span = max(to.milliseconds - from.milliseconds, 1)
    let steps =
      [1000, 5000, 15_000, 30_000] + [1, 5, 15, 30, 60, 180, 360, 720].map { $0 * minute }
      + [1, 2, 7, 14].map { $0 * day }
    guard let step = steps.first(where: { span / $0 < count }) else {
      return months(from, to, atMost: count)
    }
    // Weeks count from a Monday: day 0 of the epoch was a Thursday.
    let origin = step.isMultiple(of: 7 * day) ? 4 * day : 0
    var at = (from.milliseconds - origin + step - 1) / step * step + origin
    var ticks: [Tick] = []
    while at <= to.milliseconds, ticks.count < count {
      let time = Timestamp(milliseconds: at)
      ticks.append(Tick(at: time, label: label(time, step: step)))
      at += step
    }
    return ticks
  }

  private static func label(_ time: Timestamp, step: Int) -> String {
    let text = time.text
    if step >= day { return String(text.prefix(10)) }
    return "\(text.dropFirst(5).prefix(5)) \(text.dropFirst(11).prefix(step < minute ? 8 : 5))"
  }

  private static func months(_ from: Timestamp, _ to: Timestamp, atMost count: Int) -> [Tick] {
    let (first, last) = (month(from), month(to))
    var step = 1
    for wider in [1, 2, 3, 6, 12, 24, 60, 120, 600, 1200] {
      step = wider
      if (last - first) / wider < count { break }
    }
    return stride(from: (first + step) / step * step, through: last, by: step).prefix(count).compactMap { month in
      let text = "\(padded(month / 12, 4))-\(padded(month % 12 + 1, 2))"
      return Timestamp(text + "-01").map { Tick(at: $0, label: step >= 12 ? String(text.prefix(4)) : text) }
    }
  }

  /// Months since the year 0.
  private static func month(_ time: Timestamp) -> Int {
    let parts = time.text.split(separator: "-")
    return (Int(parts[0]) ?? 0) * 12 + (Int(parts[1]) ?? 1) - 1
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
