// The rollout as a timeline: a row for each node, one after the other, and how long the whole takes.

internal import FairleadModel

struct RolloutTimeline: Sendable, Hashable {
  let perNode: SecondsRange
  let rollout: SecondsRange?
  let nodes: Int

  /// `nil` where not even one node's window is known.
  init?(_ estimate: DisruptionEstimate) {
    guard let perNode = estimate.perNode else { return nil }
    self.perNode = perNode
    rollout = estimate.rollout
    // Where the number of nodes is unknown, one is drawn.
    nodes = estimate.rollout == nil ? 1 : max(estimate.nodes ?? 1, 1)
  }

  private static let gutter = 76.0
  private static let row = 24.0
  private static let bar = 12.0

  /// The nodes that get a row; `nil` stands for those between that do not.
  var rows: [Int?] {
    nodes <= 7 ? Array(1...nodes) : [1, 2, 3, 4, nil, nodes]
  }

  func drawing(width: Double) -> Drawing {
    let end = max(rollout?.to ?? perNode.to, perNode.to, 1)
    let step = Double(end) / Double(nodes)
    let x = Scale(domain: Double(end), from: Self.gutter, to: width - 14)
    let hasTotal = rollout != nil && nodes > 1
    let bottom = Double(rows.count + (hasTotal ? 1 : 0)) * Self.row + 6
    var shapes = axis(x, end: end, bottom: bottom, count: width < 400 ? 3 : 6)
    var y = 4.0
    for node in rows {
      if let node {
        shapes.append(.text(Self.name(node), Point(x: Self.gutter - 10, y: y + 10), .end, .label))
        shapes += span(perNode, from: Double(node - 1) * step, x, y: y, Ink("window"))
      } else {
        shapes.append(
          .text(
            "... and \(grouped(nodes - 5)) more, one at a time", Point(x: Self.gutter + 4, y: y + 10), .start, .muted))
      }
      y += Self.row
    }
    if let rollout, hasTotal {
      shapes.append(.text("all", Point(x: Self.gutter - 10, y: y + 10), .end, .strong))
      shapes += span(rollout, from: 0, x, y: y, Ink("window total"))
    }
    return Drawing(
      width: width, height: bottom + 26, title: "The rollout over time, one node after the other", detail: words + ".",
      shapes: shapes)
  }

  /// `node 7`; a number of many digits without the word.
  private static func name(_ node: Int) -> String {
    let name = "node \(grouped(node))"
    return textWidth(name) > gutter - 8 ? grouped(node) : name
  }

  var words: String {
    let each = "new connections to Services fail on each node for \(Self.range(perNode))"
    guard let rollout else { return each }
    return each + "; all \(counted(nodes, "node")) take \(Self.range(rollout))"
  }

  /// `3 s to 40 s`
  static func range(_ range: SecondsRange) -> String {
    range.from == range.to ? duration(range.to) : "\(duration(range.from)) to \(duration(range.to))"
  }

  /// A solid bar for what it takes at least, and a hatched one up to what it may take.
  private func span(_ range: SecondsRange, from start: Double, _ x: Scale, y: Double, _ ink: Ink) -> [Shape] {
    let (left, sure, last) = (x(start), x(start + Double(range.from)), x(start + Double(range.to)))
    let solid = max(sure - left, 2)
    var shapes: [Shape] = []
    if last - left > solid {
      shapes.append(
        .rect(Point(x: left, y: y), width: last - left, height: Self.bar, Ink("\(ink.name) perhaps")))
    }
    shapes.append(.rect(Point(x: left, y: y), width: solid, height: Self.bar, ink))
    return shapes
  }

  private func axis(_ x: Scale, end: Int, bottom: Double, count: Int) -> [Shape] {
    let steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]
    var step = steps.first { end / $0 <= count } ?? 86_400
    while end / step > count { step *= 2 }
    var shapes: [Shape] = [.line(Point(x: x.from, y: bottom), Point(x: x.to, y: bottom), .axis)]
    for tick in stride(from: 0, through: end, by: step) {
      let at = x(Double(tick))
      shapes.append(.line(Point(x: at, y: 0), Point(x: at, y: bottom), .grid))
      let text = tick == 0 ? "0" : duration(tick)
      // The last label stays on the paper.
      let center = min(at, x.to + 14 - textWidth(text) / 2)
      shapes.append(.text(text, Point(x: center, y: bottom + 18), .middle, .muted))
    }
    return shapes
  }
}
