// A cluster's revisions on a time axis: the mode as a band to scale, and below it each revision with its verdict.

internal import FairleadModel

/// The upper part is to scale: a burst of revisions is narrow. In the lower part each revision has its own place, and a
/// line leads from one to the other, so that no label lies on another.
struct HistoryAxis: Sendable, Hashable {
  struct Mark: Sendable, Hashable {
    let revision: Int
    let at: Timestamp
    let lane: Lane
    /// `rollback to 3`
    let origin: String
    /// `nil` where the change's verdict is not known.
    let verdict: Severity?
  }

  /// What ran after a revision.
  enum Lane: String, Sendable, Hashable, CaseIterable {
    case iptables = "IPTABLES"
    case ipvs = "IPVS"
    case nftables = "NFTABLES"
    case disabled
    case deleted
  }

  /// Oldest first.
  let marks: [Mark]
  /// Up to when the last revision's band is drawn.
  let until: Timestamp

  private static let gutter = 84.0
  private static let edge = 10.0
  private static let top = 22.0
  private static let lane = 18.0
  private static let leaders = 40.0

  private var slot: Double { max(24, textWidth(String(marks.last?.revision ?? 0)) + 6) }
  private var lanes: [Lane] { Lane.allCases.filter { lane in marks.contains { $0.lane == lane } } }
  private var originHeight: Double { textWidth(marks.max { $0.origin.count < $1.origin.count }?.origin ?? "") * 0.88 }

  /// As many drawings as it takes to give each revision a place.
  func drawings(width: Double) -> [Drawing] {
    let count = max(Int((width - Self.gutter - Self.edge) / slot), 1)
    return stride(from: 0, to: marks.count, by: count).map { start in
      let part = marks[start..<min(start + count, marks.count)]
      return strip(Array(part), until: start + count < marks.count ? marks[start + count].at : until, width: width)
    }
  }

  private func strip(_ part: [Mark], until end: Timestamp, width: Double) -> Drawing {
    let first = part[0].at.milliseconds
    let last = max(end.milliseconds, (part.last?.at.milliseconds ?? first) + 1000)
    let x = Scale(domain: Double(last - first), from: Self.gutter, to: width - Self.edge)
    func place(_ time: Timestamp) -> Double { x(Double(time.milliseconds - first)) }
    let bottom = Self.top + Double(lanes.count) * Self.lane
    var shapes: [Shape] = []
    let from = Timestamp(milliseconds: first)
    for tick in TimeTicks.between(from, Timestamp(milliseconds: last), atMost: max(Int((x.to - x.from) / 100), 1)) {
      let at = place(tick.at)
      let half = textWidth(tick.label) / 2
      shapes.append(.line(Point(x: at, y: Self.top - 4), Point(x: at, y: bottom), .grid))
      let center = min(max(at, x.from + half), width - half)
      shapes.append(.text(tick.label, Point(x: center, y: Self.top - 9), .middle, .muted))
    }
    shapes += bands(part, until: Timestamp(milliseconds: last), place)
    shapes.append(.line(Point(x: x.from, y: bottom), Point(x: x.to, y: bottom), .axis))
    // A few revisions spread out, so that their lines stay short.
    let room = max(slot, min((x.to - x.from) / Double(part.count), 90))
    for (index, mark) in part.enumerated() {
      let center = Self.gutter + (Double(index) + 0.5) * room
      shapes += self.mark(mark, at: center, from: place(mark.at), below: bottom)
    }
    shapes.append(.text("revision", Point(x: 0, y: bottom + Self.leaders + 30), .start, .muted))
    shapes.append(.text("origin", Point(x: 0, y: bottom + Self.leaders + 48), .start, .muted))
    shapes.append(.text("verdict", Point(x: 0, y: bottom + Self.leaders + 9), .start, .muted))
    return Drawing(
      width: width, height: bottom + Self.leaders + 42 + originHeight,
      title: "Revisions \(part[0].revision) to \(part.last?.revision ?? 0) over time",
      detail: "From \(from.text) to \(Timestamp(milliseconds: last).text). "
        + part.map(Self.words).joined(separator: "; ")
        + ".", shapes: shapes)
  }

  private static func words(_ mark: Mark) -> String {
    "\(mark.revision): \(mark.origin), \(mark.lane.rawValue), \(mark.verdict?.rawValue ?? "verdict not known")"
  }

  private func bands(_ part: [Mark], until end: Timestamp, _ place: (Timestamp) -> Double) -> [Shape] {
    var shapes: [Shape] = []
    for (row, lane) in lanes.enumerated() {
      let y = Self.top + Double(row) * Self.lane
      shapes.append(.text(lane.rawValue, Point(x: 0, y: y + 12), .start, .label))
      shapes.append(.line(Point(x: Self.gutter, y: y + 8), Point(x: place(end), y: y + 8), .grid))
      for (index, mark) in part.enumerated() where mark.lane == lane {
        let left = place(mark.at)
        let right = place(index + 1 < part.count ? part[index + 1].at : end)
        // Even a short time is drawn wide enough to be seen.
        shapes.append(
          .rect(
            Point(x: left, y: y + 2), width: max(right - left, 2), height: 12, Ink("band \(lane.rawValue.lowercased())")
          ))
      }
    }
    return shapes
  }

  private func mark(_ mark: Mark, at center: Double, from x: Double, below y: Double) -> [Shape] {
    let row = y + Self.leaders
    let leader: Shape = .path(
      [Point(x: x, y: y), Point(x: x, y: y + 5), Point(x: center, y: row - 10), Point(x: center, y: row - 5)], .leader)
    let shape: [Shape] =
      mark.verdict.map { SeverityMark.shapes($0, at: Point(x: center, y: row + 5), radius: 7) }
      ?? [.text("?", Point(x: center, y: row + 9), .middle, .strong)]
    return [leader] + shape + [
      .text(String(mark.revision), Point(x: center, y: row + 30), .middle, .strong),
      .text(mark.origin, Point(x: center + 4, y: row + 38), .end, .label, isVertical: true),
    ]
  }
}
