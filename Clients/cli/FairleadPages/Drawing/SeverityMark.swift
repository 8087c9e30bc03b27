// Each severity's own shape, so that no reader has to tell colours apart.

internal import FairleadModel

enum SeverityMark {
  /// The shape around a centre. Blocked is a stop sign, critical a diamond, high a triangle, medium a square, low a
  /// disc, info a ring, and none a bar.
  static func shapes(_ severity: Severity, at center: Point, radius: Double) -> [Shape] {
    let ink = Ink("mark \(severity.rawValue)")
    let hollow = Ink("mark hollow \(severity.rawValue)")
    func around(_ offsets: [(Double, Double)]) -> [Point] {
      offsets.map { Point(x: center.x + $0.0 * radius, y: center.y + $0.1 * radius) }
    }
    switch severity {
    case .blocked:
      let octagon = [
        (-0.4, -0.97), (0.4, -0.97), (0.97, -0.4), (0.97, 0.4), (0.4, 0.97), (-0.4, 0.97), (-0.97, 0.4), (-0.97, -0.4),
      ]
      return [
        .polygon(around(octagon), ink),
        .rect(
          Point(x: center.x - radius * 0.55, y: center.y - radius * 0.18), width: radius * 1.1, height: radius * 0.36,
          Ink("cut")),
      ]
    case .critical: return [.polygon(around([(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)]), ink)]
    case .high: return [.polygon(around([(0, -1), (1.05, 0.85), (-1.05, 0.85)]), ink)]
    case .medium: return [.polygon(around([(-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82)]), ink)]
    case .low: return [.circle(center, radius: radius * 0.85, ink)]
    case .info: return [.circle(center, radius: radius * 0.7, hollow)]
    case .none:
      return [
        .rect(
          Point(x: center.x - radius * 0.8, y: center.y - radius * 0.2), width: radius * 1.6, height: radius * 0.4, ink)
      ]
    }
  }

  /// The shape as a small picture beside its word; hidden from screen readers, which read the word.
  static func svg(_ severity: Severity) -> String {
    let shapes = shapes(severity, at: Point(x: 10, y: 10), radius: 8)
    let drawing = Drawing(width: 20, height: 20, title: "", detail: "", shapes: shapes)
    return
      "<svg class=\"icon\" viewBox=\"0 0 20 20\" width=\"20\" height=\"20\" aria-hidden=\"true\">\(drawing.inner)</svg>"
  }
}
