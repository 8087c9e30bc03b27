// The time axis of a history: bands to scale above, an evenly spaced place for each revision below.

import FairleadModel
import Testing

@testable import FairleadPages

@Suite("The time axis of a history")
struct HistoryAxisTests {
  private static let axis = HistoryAxis(
    Sample.longHistory.entries, until: Sample.longHistory.until)

  @Test("each revision has a place of its own, whatever the time between them", arguments: [300.0, 660, 1080])
  func places(width: Double) {
    let drawings = Self.axis.drawings(width: width)
    var seen: [String] = []
    for drawing in drawings {
      var places: [Double] = []
      for case .text(let text, let at, .middle, .strong, _) in drawing.shapes where Int(text) != nil {
        seen.append(text)
        places.append(at.x)
      }
      #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 24 })
      #expect(places.allSatisfy { $0 > 0 && $0 < width })
    }
    #expect(seen == (1...40).map(String.init))
  }

  @Test("bands are to scale: fifteen revisions in a minute are narrower than the months after them")
  func bands() throws {
    let drawing = try #require(Self.axis.drawings(width: 1080).first)
    let widths = drawing.shapes.compactMap { shape -> Double? in
      guard case .rect(_, let width, _, let ink) = shape, ink.name == "band ipvs" else { return nil }
      return width
    }
    #expect(widths.min() == 2, "a moment still shows")
    #expect((widths.max() ?? 0) > 300)
  }

  @Test("deleted and disabled have separate lanes")
  func lanes() {
    #expect(Set(Self.axis.marks.map(\.lane)) == Set(HistoryAxis.Lane.allCases))
    #expect(Self.axis.marks[18].lane == .deleted)
    #expect(Self.axis.marks[19].lane == .disabled)
    #expect(Self.axis.marks[17].origin == "revert to 16")
  }

  @Test("no band has a negative width if the clock was set back")
  func clock() {
    let axis = HistoryAxis(Sample.hostileHistory.entries, until: Sample.hostileHistory.until)
    #expect(axis.marks[0].at == axis.marks[1].at)
    for case .rect(_, let width, _, _) in axis.drawings(width: 300).flatMap(\.shapes) { #expect(width > 0) }
  }

  @Test(
    "an axis names round points in time",
    arguments: [
      ("2026-11-23T09:00:00Z", "2026-11-23T09:00:12Z", ["11-23 09:00:00", "11-23 09:00:05", "11-23 09:00:10"]),
      ("2026-11-23T09:10:00Z", "2026-11-23T12:00:00Z", ["11-23 10:00", "11-23 11:00", "11-23 12:00"]),
      ("2026-11-20T09:00:00Z", "2026-11-23T09:00:00Z", ["2026-11-21", "2026-11-22", "2026-11-23"]),
      ("2026-10-01T00:00:00Z", "2026-10-28T00:00:00Z", ["2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"]),
      ("2025-12-20T00:00:00Z", "2026-07-03T00:00:00Z", ["2026-01", "2026-03", "2026-05", "2026-07"]),
      ("2020-06-01T00:00:00Z", "2023-06-01T00:00:00Z", ["2021", "2022", "2023"]),
    ])
  func ticks(from: String, to: String, labels: [String]) throws {
    let ticks = TimeTicks.between(try #require(Timestamp(from)), try #require(Timestamp(to)), atMost: 4)
    #expect(ticks.map(\.label) == labels)
  }
}
