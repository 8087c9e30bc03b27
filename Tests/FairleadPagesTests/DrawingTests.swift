// Drawings as values: which geometry they have for given numbers.

import FairleadModel
import Testing

@testable import FairleadPages

extension Drawing {
  fileprivate func rects(_ ink: String) -> [(at: Point, width: Double, height: Double)] {
    shapes.compactMap { shape in
      guard case .rect(let at, let width, let height, let found) = shape, found.name == ink else { return nil }
      return (at, width, height)
    }
  }

  fileprivate var texts: [String] {
    shapes.compactMap { shape in if case .text(let text, _, _, _, _) = shape { text } else { nil } }
  }
}

@Suite("Drawings")
struct DrawingTests {
  @Test("a scale ends at a round number and names round numbers on the way")
  func scale() {
    let scale = Scale(upTo: 136_008, ticks: 4, from: 200, to: 0)
    #expect(scale.domain == 150_000)
    #expect(scale.ticks(4) == [0, 50_000, 100_000, 150_000])
    #expect(scale(0) == 200)
    #expect(scale(75_000) == 100)
    #expect(scale(1e12) == 0, "what lies outside is drawn on the edge")
    #expect(scale(-5) == 200)
    #expect(Scale(upTo: 0, ticks: 4, from: 0, to: 1).domain > 0)
  }

  @Test(
    "numbers are short on an axis",
    arguments: [(0.0, "0"), (500, "500"), (20_000, "20k"), (1_500_000, "1.5M"), (4e9, "4G"), (9e18, "9E")])
  func compactNumbers(value: Double, text: String) { #expect(compact(value) == text) }

  @Test(
    "durations have the unit that fits",
    arguments: [
      (45, "45 s"), (180, "3 min"), (185, "3 min 5 s"), (7200, "2 h"), (9000, "2 h 30 min"), (864_000, "10 days"),
    ])
  func durations(seconds: Int, text: String) { #expect(duration(seconds) == text) }

  @Test("numbers are grouped, also below zero")
  func groups() {
    #expect(grouped(1_234_567) == "1,234,567")
    #expect(grouped(-1000) == "-1,000")
    #expect(grouped(Int.min) == "-9,223,372,036,854,775,808")
    #expect(number(12.34) == "12.3")
    #expect(number(-0.04) == "0")
    #expect(number(.nan) == "0")
  }

  @Test("each pod has a bar as high as its load, and an idle one a mark below the line")
  func loads() throws {
    let estimate = try #require(Sample.estimates.leastConnection)
    let drawing = try #require(LoadChart(estimate)).drawing(width: 520)
    let bars = drawing.rects("bar same")
    let lowest = try #require(bars.last).height
    let heights = bars.map { bar -> Double in (bar.height / lowest).rounded() }
    #expect(heights == [8, 7, 4, 1], "24, 22, 11 and 3")
    #expect(drawing.rects("idle").count == 8 + 0 + 1)
    #expect(drawing.rects("bar own").count == 12)
    #expect(drawing.rects("bar random").count == 11)
    #expect(Set(bars.map { $0.at.y + $0.height }).count == 1, "all stand on one line")
    #expect(drawing.texts.contains("mean 5"))
    #expect(drawing.detail.contains("busiest 4.8 x mean, 67% idle"))
    let narrow = try #require(LoadChart(estimate)).drawing(width: 300)
    #expect(narrow.height > drawing.height * 2, "on a phone the panels stand one below the other")
  }

  @Test("without loads there is no load chart")
  func noLoads() {
    let estimate = LeastConnectionEstimate(
      nodes: 3, podsPerService: 3, connectionsPerService: 6, busiestPodConnections: 3, idlePods: 0,
      belowTwiceTheNodes: false)
    #expect(LoadChart(estimate) == nil)
  }

  @Test("the curves are upstream's formulas, and go through the report's counts")
  func curves() throws {
    let rules = try #require(Sample.estimates.rules.flatMap(ServiceChart.init))
    let iptables = try #require(rules.curves.first { $0.mode == .iptables })
    #expect(iptables(1000) == 17_008, "5 + 1000 (2 + 3 x 5) nat and 3 filter rules")
    let ipvs = try #require(rules.curves.first { $0.mode == .ipvs })
    #expect(ipvs(8000) == 48_000)
    #expect(rules.before?.value == 136_008)
    let latency = try #require(Sample.estimates.latency.flatMap(ServiceChart.init))
    let slow = try #require(latency.curves.first { $0.mode == .iptables })
    let measured = [5000.0, 10_000, 30_000].map { services -> Double in slow(services).rounded() }
    #expect(measured == [156, 268, 716])
    #expect(latency.curves.first { $0.mode == .nftables }?(30_000) == 37)
    #expect(latency.after == ServiceChart.Place(name: "after", mode: .ipvs, value: 40, error: 12))
  }

  @Test("the curve beyond the measurements is dashed")
  func extrapolation() throws {
    let estimate = LatencyEstimate(
      services: 40_000, before: nil,
      after: FirstPacket(mode: .nftables, p50Microseconds: 14, p99Microseconds: 37, errorMicroseconds: 4),
      basis: Basis(source: "", limits: ""))
    let inks = try #require(ServiceChart(estimate)).drawing(width: 520).shapes.compactMap { shape in
      if case .path(_, let ink) = shape { ink.name } else { nil }
    }
    #expect(inks == ["curve iptables", "curve beyond iptables", "curve nftables", "curve beyond nftables"])
  }

  @Test("where kube-proxy runs neither before nor after there is no chart of it")
  func nothingRuns() {
    let basis = Basis(source: "", limits: "")
    #expect(ServiceChart(RulesEstimate(services: 1, endpoints: 1, before: nil, after: nil, basis: basis)) == nil)
    #expect(ServiceChart(LatencyEstimate(services: 1, before: nil, after: nil, basis: basis)) == nil)
  }

  @Test("of many nodes the first four and the last have a row")
  func timeline() throws {
    func timeline(_ nodes: Int) throws -> RolloutTimeline {
      try #require(
        RolloutTimeline(
          DisruptionEstimate(
            perNode: SecondsRange(from: 3, to: 12), rollout: SecondsRange(from: 3 * nodes, to: 60 * nodes),
            nodes: nodes,
            missing: [], basis: Basis(source: "", limits: ""))))
    }
    #expect(try timeline(3).rows == [1, 2, 3])
    #expect(try timeline(24).rows == [1, 2, 3, 4, nil, 24])
    let drawing = try timeline(24).drawing(width: 520)
    let windows = drawing.rects("window perhaps")
    #expect(windows.count == 5)
    for (one, next) in zip(windows, windows.dropFirst()) {
      let end = one.at.x + one.width
      #expect(end <= next.at.x + 0.5, "one after the other")
    }
    #expect(drawing.rects("window total").count == 1)
    #expect(
      drawing.detail
        == "new connections to Services fail on each node for 3 s to 12 s; all 24 nodes take 72 s to 24 min.")
  }

  @Test("without a number of nodes one node is drawn, and without a window none")
  func partialTimeline() {
    let basis = Basis(source: "", limits: "")
    let one = DisruptionEstimate(
      perNode: SecondsRange(from: 3, to: 3), rollout: nil, nodes: nil, missing: [.nodeCount], basis: basis)
    #expect(RolloutTimeline(one)?.rows == [1])
    #expect(RolloutTimeline(one)?.words == "new connections to Services fail on each node for 3 s")
    let none = DisruptionEstimate(perNode: nil, rollout: nil, nodes: 3, missing: [.serviceCount], basis: basis)
    #expect(RolloutTimeline(none) == nil)
  }

  @Test("each severity has a shape of its own")
  func marks() {
    let shapes = Severity.allCases.map { severity in
      SeverityMark.shapes(severity, at: Point(x: 0, y: 0), radius: 10).map { shape -> String in
        switch shape {
        case .polygon(let points, _): "polygon of \(points.count) from \(points[0])"
        case .circle(_, let radius, _): "circle of \(radius)"
        case .rect(_, let width, let height, _): "rect of \(width) by \(height)"
        case .line, .path, .text: "else"
        }
      }
    }
    #expect(Set(shapes).count == Severity.allCases.count)
  }

  @Test("a drawing has a title, a text with its numbers, and no markup of its labels")
  func svg() {
    let drawing = Drawing(
      width: 10, height: 5.25, title: "<b>", detail: "a & b",
      shapes: [.text("\"<x>\"", Point(x: 1, y: 2), .end, .label, isVertical: true)])
    #expect(
      drawing.svg(id: "d") == """
        <svg viewBox="0 0 10 5.3" width="10" height="5.3" role="img" aria-labelledby="d-t d-d" class="drawing">
        <title id="d-t">&lt;b&gt;</title><desc id="d-d">a &amp; b</desc>
        <text x="1" y="2" text-anchor="end" class="label" transform="rotate(-90 1 2)">&quot;&lt;x&gt;&quot;</text>
        </svg>
        """)
  }
}
