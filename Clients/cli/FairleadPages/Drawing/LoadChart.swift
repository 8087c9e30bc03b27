// The connections of each pod of one Service, busiest first: one panel for each way of choosing a pod.

internal import FairleadModel

struct LoadChart: Sendable, Hashable {
  struct Series: Sendable, Hashable {
    let name: String
    /// Who chooses a pod so, where there is room to say it.
    let meaning: String
    let spread: Spread
    let ink: Ink
  }

  let series: [Series]
  let pods: Int
  let connections: Int

  /// `nil` where the report holds no loads.
  init?(_ estimate: LeastConnectionEstimate) {
    let all = [
      ("Same order", "Same order on all nodes", estimate.sameOrder, Ink("bar same")),
      ("Own orders", "An order of its own on each node", estimate.randomOrder, Ink("bar own")),
      ("Random choice", "Random choice, as IPTABLES and NFTABLES", estimate.randomChoice, Ink("bar random")),
    ]
    series = all.compactMap { name, meaning, spread, ink in
      spread.flatMap { $0.loads.isEmpty ? nil : Series(name: name, meaning: meaning, spread: $0, ink: ink) }
    }
    guard !series.isEmpty else { return nil }
    pods = estimate.podsPerService
    connections = estimate.connectionsPerService
  }

  var mean: Double { Double(connections) / Double(max(pods, 1)) }
  private var highest: Double { max(Double(series.flatMap(\.spread.loads).max() ?? 0), mean) }

  private static let gutter = 66.0
  private static let plot = 112.0
  private static let head = 54.0
  private static let gap = 18.0

  func drawing(width: Double) -> Drawing {
    let columns = width < 480 ? 1 : series.count
    let rows = (series.count + columns - 1) / columns
    let panelWidth = (width - Self.gutter - Double(columns - 1) * Self.gap) / Double(columns)
    let panelHeight = Self.head + Self.plot + 18
    var shapes: [Shape] = []
    for (index, item) in series.enumerated() {
      let x = Self.gutter + Double(index % columns) * (panelWidth + Self.gap)
      let y = Double(index / columns) * panelHeight
      shapes += panel(item, x: x, y: y, width: panelWidth)
      if index % columns == 0 { shapes += scaleLabels(y: y) }
    }
    return Drawing(
      width: width, height: Double(rows) * panelHeight, title: "Connections per pod of one Service, busiest pod first",
      detail: series.map { "\($0.meaning): \(Self.words($0.spread))." }.joined(separator: " "), shapes: shapes)
  }

  private static func words(_ spread: Spread) -> String { "\(busiest(spread)), \(spread.idlePercent)% idle" }

  /// `busiest 4.3 x mean`
  private static func busiest(_ spread: Spread) -> String {
    let times = Double(spread.busiestPercentOfMean) / 100
    return "busiest \(times < 1000 ? number(times) : compact(times)) x mean"
  }

  private func scale(y: Double) -> Scale {
    Scale(domain: highest, from: y + Self.head + Self.plot, to: y + Self.head)
  }

  private func panel(_ item: Series, x: Double, y: Double, width: Double) -> [Shape] {
    let scale = scale(y: y)
    let base = scale(0)
    let loads = item.spread.loads
    let slot = width / Double(loads.count)
    let bar = min(slot > 8 ? slot - 2 : slot * 0.8, 28)
    var shapes: [Shape] = [
      .text(item.name, Point(x: x, y: y + 13), .start, .strong),
      .text(Self.busiest(item.spread), Point(x: x, y: y + 28), .start, .muted),
      .text("\(item.spread.idlePercent)% idle", Point(x: x, y: y + 42), .start, .muted),
    ]
    for (index, load) in loads.enumerated() {
      let left = x + Double(index) * slot + (slot - bar) / 2
      if load > 0 {
        let top = min(scale(Double(load)), base - 1)
        shapes.append(.rect(Point(x: left, y: top), width: bar, height: base - top, item.ink))
      } else {
        // A pod without connections is a mark below the line: with nothing drawn it would look like no pod.
        shapes.append(.rect(Point(x: left, y: base + 3), width: bar, height: 3, Ink("idle")))
      }
    }
    shapes.append(.line(Point(x: x, y: base), Point(x: x + width, y: base), .axis))
    shapes.append(.line(Point(x: x, y: scale(mean)), Point(x: x + width, y: scale(mean)), .mean))
    return shapes
  }

  private func scaleLabels(y: Double) -> [Shape] {
    let scale = scale(y: y)
    func label(_ text: String, _ value: Double) -> Shape {
      .text(text, Point(x: Self.gutter - 8, y: scale(value) + 4), .end, .muted)
    }
    var shapes = [label("mean \(compactMean)", mean)]
    if scale(0) - scale(mean) > 15 { shapes.append(label("0", 0)) }
    if scale(mean) - scale(highest) > 15 { shapes.append(label(compact(highest), highest)) }
    return shapes
  }

  private var compactMean: String { mean < 1000 ? number(mean) : compact(mean) }
}
