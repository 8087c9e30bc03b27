// A drawing as a value: shapes in a coordinate space, which become inline SVG in one place.

struct Point: Sendable, Hashable {
  let x: Double
  let y: Double
}

/// A class of the style sheet: a drawing says what a shape means, and the sheet how that looks in light, dark and print.
struct Ink: Sendable, Hashable {
  let name: String

  init(_ name: String) { self.name = name }

  static let axis = Ink("axis")
  static let grid = Ink("grid")
  static let label = Ink("label")
  static let strong = Ink("label strong")
  static let muted = Ink("label muted")
  static let mean = Ink("mean")
  static let leader = Ink("leader")
}

enum Shape: Sendable, Hashable {
  case rect(Point, width: Double, height: Double, Ink)
  case line(Point, Point, Ink)
  case path([Point], Ink)
  case polygon([Point], Ink)
  case circle(Point, radius: Double, Ink)
  /// A line of text; `isVertical` turns it to read upwards from its point.
  case text(String, Point, Anchor, Ink, isVertical: Bool = false)

  enum Anchor: String, Sendable, Hashable {
    case start
    case middle
    case end
  }
}

struct Drawing: Sendable, Hashable {
  let width: Double
  let height: Double
  /// What the picture shows, in a few words, for someone who does not see it.
  let title: String
  /// What it says, in a sentence or two with the numbers.
  let detail: String
  var shapes: [Shape]

  /// The drawing as inline SVG. `id` is unique on the page.
  func svg(id: String) -> String {
    let size =
      "viewBox=\"0 0 \(number(width)) \(number(height))\" width=\"\(number(width))\" height=\"\(number(height))\""
    let lines = [
      "<svg \(size) role=\"img\" aria-labelledby=\"\(id)-t \(id)-d\" class=\"drawing\">",
      "<title id=\"\(id)-t\">\(escaped(title))</title><desc id=\"\(id)-d\">\(escaped(detail))</desc>",
    ]
    return (lines + [inner, "</svg>"]).joined(separator: "\n")
  }

  /// The shapes alone.
  var inner: String { shapes.map(\.svg).joined(separator: "\n") }
}

extension Shape {
  fileprivate var svg: String {
    switch self {
    case .rect(let at, let width, let height, let ink):
      "<rect x=\"\(number(at.x))\" y=\"\(number(at.y))\" width=\"\(number(width))\" height=\"\(number(height))\" \(ink.svg)/>"
    case .line(let from, let to, let ink):
      "<line x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" x2=\"\(number(to.x))\" y2=\"\(number(to.y))\" \(ink.svg)/>"
    case .path(let points, let ink): "<polyline points=\"\(list(points))\" \(ink.svg)/>"
    case .polygon(let points, let ink): "<polygon points=\"\(list(points))\" \(ink.svg)/>"
    case .circle(let center, let radius, let ink):
      "<circle cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\" \(ink.svg)/>"
    case .text(let text, let at, let anchor, let ink, let isVertical):
      "<text x=\"\(number(at.x))\" y=\"\(number(at.y))\" text-anchor=\"\(anchor.rawValue)\" \(ink.svg)"
        + (isVertical ? " transform=\"rotate(-90 \(number(at.x)) \(number(at.y)))\"" : "") + ">\(escaped(text))</text>"
    }
  }

  private func list(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }
}

extension Ink {
  fileprivate var svg: String { "class=\"\(name)\"" }
}

/// A coordinate to a tenth of a unit, without a fraction where there is none.
func number(_ value: Double) -> String {
  // A coordinate that is not finite would make the whole path invalid; the scales never produce one.
  guard value.isFinite, abs(value) < 1e9 else { return "0" }
  let tenths = Int((value * 10).rounded())
  let whole = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10)"
  return tenths % 10 == 0 ? whole : "\(whole).\(abs(tenths) % 10)"
}
