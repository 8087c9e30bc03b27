// Something that grows with the number of Services: a line for each mode, and this cluster's place on them.

internal import FairleadModel

struct ServiceChart: Sendable, Hashable {
  struct Curve: Sendable, Hashable {
    let mode: ProxyMode
    let base: Double
    let perService: Double
    /// Where the measurement ends; what is drawn past it goes on in the same direction, and says so by its dashes.
    var measuredTo: Double?

    func callAsFunction(_ services: Double) -> Double { base + perService * services }
  }

  /// This cluster under one of the modes.
  struct Place: Sendable, Hashable {
    let name: String
    let mode: ProxyMode
    let value: Double
    var error = 0.0
  }

  let title: String
  /// What the vertical axis counts: `p99, microseconds`.
  let quantity: String
  let services: Int
  let curves: [Curve]
  let before: Place?
  let after: Place?

  private static let left = 52.0
  private static let right = 82.0
  private static let top = 46.0
  private static let plot = 150.0

  func drawing(width: Double) -> Drawing {
    let reach = max(Double(services) * 2, 5000)
    let count = width < 400 ? 3 : 5
    let x = Scale(upTo: reach, ticks: count, from: Self.left, to: width - Self.right)
    let highest = curves.map { $0(x.domain) }.max() ?? 1
    let places = [before, after].compactMap(\.self)
    let y = Scale(
      upTo: max(highest, places.map { $0.value + $0.error }.max() ?? 0, 1), ticks: 4, from: Self.top + Self.plot,
      to: Self.top)
    var shapes: [Shape] = [.text(quantity, Point(x: 0, y: 12), .start, .muted)]
    shapes += grid(x, y, count)
    shapes += here(x)
    for curve in curves { shapes += line(curve, x, y) }
    shapes += names(y, x.domain, at: width - Self.right + 8)
    let bottom = Self.top + Self.plot + 52
    var legend: [String] = []
    for (index, place) in places.enumerated() {
      shapes += mark(place, x, y)
      let at = Point(x: Self.left + 6, y: bottom + Double(index) * 18)
      shapes += symbol(place, at: at)
      let text = words(place)
      legend.append(text)
      shapes.append(.text(text, Point(x: at.x + 14, y: at.y + 4), .start, .label))
    }
    return Drawing(
      width: width, height: bottom + Double(max(places.count - 1, 0)) * 18 + 10, title: title,
      detail: (["This cluster has \(counted(services, "Service"))"] + legend).joined(separator: "; ") + ".",
      shapes: shapes)
  }

  private func words(_ place: Place) -> String {
    let error = place.error > 0 ? " +/- \(Self.words(place.error))" : ""
    return "\(place.name): \(place.mode.rawValue), \(Self.words(place.value))\(error)"
  }

  /// With all digits below a billion, and compact from there.
  private static func words(_ value: Double) -> String { value < 1e9 ? grouped(Int(value)) : compact(value) }

  private func grid(_ x: Scale, _ y: Scale, _ count: Int) -> [Shape] {
    var shapes: [Shape] = []
    for tick in y.ticks(4) {
      let ink: Ink = tick == 0 ? .axis : .grid
      shapes.append(.line(Point(x: x.from, y: y(tick)), Point(x: x.to, y: y(tick)), ink))
      shapes.append(.text(compact(tick), Point(x: x.from - 8, y: y(tick) + 4), .end, .muted))
    }
    for tick in x.ticks(count) {
      shapes.append(.line(Point(x: x(tick), y: y.from), Point(x: x(tick), y: y.from + 4), .axis))
      shapes.append(.text(compact(tick), Point(x: x(tick), y: y.from + 18), .middle, .muted))
    }
    shapes.append(.text("Services", Point(x: (x.from + x.to) / 2, y: y.from + 34), .middle, .muted))
    return shapes
  }

  /// The line at this cluster's number of Services.
  private func here(_ x: Scale) -> [Shape] {
    let at = x(Double(services))
    let text = "this cluster: \(counted(services, "Service"))"
    let width = textWidth(text)
    let center = min(max(at, x.from + width / 2), x.to + Self.right - width / 2)
    return [
      .line(Point(x: at, y: Self.top - 8), Point(x: at, y: Self.top + Self.plot), Ink("here")),
      .text(text, Point(x: center, y: Self.top - 14), .middle, .strong),
    ]
  }

  private func line(_ curve: Curve, _ x: Scale, _ y: Scale) -> [Shape] {
    let mode = curve.mode.rawValue.lowercased()
    func point(_ services: Double) -> Point { Point(x: x(services), y: y(curve(services))) }
    let edge = min(curve.measuredTo ?? x.domain, x.domain)
    var shapes: [Shape] = [.path([point(0), point(edge)], Ink("curve \(mode)"))]
    if edge < x.domain { shapes.append(.path([point(edge), point(x.domain)], Ink("curve beyond \(mode)"))) }
    return shapes
  }

  /// Each curve's name at its end, pushed apart where the ends lie close together.
  private func names(_ y: Scale, _ domain: Double, at x: Double) -> [Shape] {
    var lowest = -Double.infinity
    var places: [(mode: ProxyMode, y: Double)] = []
    for (mode, end) in curves.map({ ($0.mode, y($0(domain))) }).sorted(by: { $0.1 < $1.1 }) {
      lowest = max(end + 4, lowest + 15)
      places.append((mode, lowest))
    }
    // The last one must not slide under the axis; what is above it makes room.
    var limit = y.from + 4
    for index in places.indices.reversed() {
      places[index].y = min(places[index].y, limit)
      limit = places[index].y - 15
    }
    return places.map {
      .text($0.mode.rawValue, Point(x: x, y: $0.y), .start, Ink("label strong \($0.mode.rawValue.lowercased())"))
    }
  }

  private func mark(_ place: Place, _ x: Scale, _ y: Scale) -> [Shape] {
    let at = Point(x: x(Double(services)), y: y(place.value))
    guard place.error > 0 else { return symbol(place, at: at) }
    let (low, high) = (y(place.value - place.error), y(place.value + place.error))
    let bars: [Shape] = [
      .line(Point(x: at.x, y: low), Point(x: at.x, y: high), Ink("error")),
      .line(Point(x: at.x - 4, y: low), Point(x: at.x + 4, y: low), Ink("error")),
      .line(Point(x: at.x - 4, y: high), Point(x: at.x + 4, y: high), Ink("error")),
    ]
    return bars + symbol(place, at: at)
  }

  /// Before is a ring, after a diamond.
  private func symbol(_ place: Place, at: Point) -> [Shape] {
    guard place == after else { return [.circle(at, radius: 5, Ink("place before"))] }
    let corners = [(0.0, -6.5), (6.5, 0.0), (0.0, 6.5), (-6.5, 0.0)]
    return [.polygon(corners.map { Point(x: at.x + $0.0, y: at.y + $0.1) }, Ink("place after"))]
  }
}
