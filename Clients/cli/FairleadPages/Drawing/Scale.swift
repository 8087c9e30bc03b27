// From numbers to places on paper, and the round numbers that an axis names.

/// A linear scale from `0...domain` to `from...to`.
struct Scale: Sendable, Hashable {
  let domain: Double
  let from: Double
  let to: Double

  /// A scale that ends at the first tick not below `maximum`, with some `count` ticks on the way.
  init(upTo maximum: Double, ticks count: Int, from: Double, to: Double) {
    let step = Scale.step(for: maximum, count: count)
    self.init(domain: (max(maximum, step) / step).rounded(.up) * step, from: from, to: to)
  }

  init(domain: Double, from: Double, to: Double) {
    self.domain = max(domain, 1e-9)
    self.from = from
    self.to = to
  }

  /// The place of a value; what lies outside is drawn on the edge.
  func callAsFunction(_ value: Double) -> Double { from + (to - from) * min(max(value / domain, 0), 1) }

  /// About `count` round values from 0 to the end.
  func ticks(_ count: Int) -> [Double] {
    let step = Scale.step(for: domain, count: count)
    return Array(stride(from: 0, through: domain * 1.0001, by: step))
  }

  /// 1, 2 or 5 times a power of ten, such that `count` of it or fewer reach `maximum`.
  private static func step(for maximum: Double, count: Int) -> Double {
    var power = 1.0
    while maximum / power > Double(count) * 10 { power *= 10 }
    for factor in [1.0, 2, 5, 10] where maximum / (power * factor) <= Double(count) { return power * factor }
    return power * 10
  }
}

/// `12,345` with separators.
func grouped(_ value: Int) -> String {
  let digits = Array(String(value.magnitude))
  var text = value < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
    text.append(digit)
  }
  return text
}

/// A round number in few letters for an axis: `500`, `20k`, `1.5M`, `2G`.
func compact(_ value: Double) -> String {
  let units = [(1e24, "Y"), (1e21, "Z"), (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
  for (size, unit) in units where value >= size { return number(value / size) + unit }
  return number(value)
}

/// A count with its noun: `1 node`, `1,200 nodes`.
func counted(_ value: Int, _ noun: String) -> String { "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")" }

/// `45 s`, `3 min`, `1 h 20 min`.
func duration(_ seconds: Int) -> String {
  if seconds < 120 { return "\(seconds) s" }
  if seconds < 7200 {
    return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
  }
  if seconds < 172_800 {
    let minutes = seconds % 3600 / 60
    return minutes == 0 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(minutes) min"
  }
  return counted(seconds / 86_400, "day")
}

/// How wide a text of 12 units is at most: the widest of the usual system fonts takes this much for a letter.
func textWidth(_ text: String) -> Double { Double(text.count) * 7.4 }
