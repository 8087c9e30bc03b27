// The pages in Chromium: their content, their requests, and how they look in light, dark and print.

import ExactJSON
import FairleadModel
import Foundation
import Testing

@testable import FairleadPages

@Suite(
  "The pages in Chromium", .enabled(if: !Browser.program.isEmpty, "needs scripts/test --browser"), .serialized,
  .timeLimit(.minutes(10)))
struct BrowserTests {
  struct Specimen: CustomTestStringConvertible, Sendable {
    let name: String
    let html: String
    var testDescription: String { name }
  }

  static let specimens = [
    ("dangerous", ReportPage.render(Sample.dangerous, generated: Sample.generated)),
    ("harmless", ReportPage.render(Sample.harmless, generated: Sample.generated)),
    ("blocked", ReportPage.render(Sample.blocked, generated: Sample.generated)),
    ("registration", ReportPage.render(Sample.registration, generated: Sample.generated)),
    ("hostile", ReportPage.render(Sample.hostile, generated: Sample.generated)),
    ("absurd", ReportPage.render(Sample.absurd, generated: Sample.generated)),
    ("history", HistoryPage.render(Sample.longHistory, generated: Sample.generated)),
    ("history-short", HistoryPage.render(Sample.shortHistory, generated: Sample.generated)),
    ("history-hostile", HistoryPage.render(Sample.hostileHistory, generated: Sample.generated)),
  ].map(Specimen.init)

  private static func specimen(_ name: String) throws -> String {
    try #require(specimens.first { $0.name == name }).html
  }

  @Test("a page loads only itself, and causes no errors or messages", arguments: specimens)
  func selfContained(_ specimen: Specimen) throws {
    let tab = try Tab(Browser(), specimen.html)
    #expect(tab.requests == [tab.address])
    #expect(tab.complaints == [])
    let wrong = try tab.lines(Inspection.skeleton)
    #expect(wrong == [])
  }

  @Test("the tests notice a page that loads something or runs a script")
  func control() throws {
    let leaving = "<!doctype html><title>x</title><img src='http://fairlead.invalid/a.png'><script>nothing()</script>"
    let tab = try Tab(Browser(), leaving)
    #expect(tab.requests.contains("http://fairlead.invalid/a.png"))
    #expect(tab.complaints.contains { $0.contains("nothing is not defined") })
  }

  @Test("the content security policy blocks scripts and requests")
  func policy() throws {
    let page = try Self.specimen("harmless")
    let tricked = page.replacingOccurrences(
      of: "</main>",
      with: "<script>document.title='owned'</script><img src='http://fairlead.invalid/a.png'></main>")
    let tab = try Tab(Browser(), tricked)
    #expect(try tab.value("document.title") != "owned")
    #expect(tab.complaints.count >= 2, "script and image are both refused")
    #expect(tab.requests.allSatisfy { $0 == tab.address || $0.hasPrefix("http://fairlead.invalid") })
  }

  @Test(
    "no page is wider than the window of a phone, a tablet or a desktop, and no labels overlap", arguments: specimens)
  func layout(_ specimen: Specimen) throws {
    let tab = try Tab(Browser(), specimen.html)
    for width in [360, 800, 1400] {
      try tab.resize(width)
      let over = try tab.value(Inspection.overflow)
      let overflowing = over == 0 ? [] : try tab.lines(Inspection.overflowing)
      #expect(over == 0, "\(width) px: \(overflowing)")
      let crossed = try tab.lines(Inspection.crossedLabels)
      #expect(crossed == [], "\(width) px")
    }
  }

  @Test("every text has a contrast of 4.5 to 1, in light, dark and print", arguments: specimens)
  func contrast(_ specimen: Specimen) throws {
    let tab = try Tab(Browser(), specimen.html)
    for (scheme, media) in [("light", "screen"), ("dark", "screen"), ("light", "print"), ("dark", "print")] {
      try tab.emulate(scheme: scheme, media: media)
      let faint = try tab.lines(Inspection.lowContrast)
      #expect(faint == [], "\(scheme) \(media)")
    }
  }

  @Test("no page is blank in light, in dark and in print", arguments: specimens)
  func pictures(_ specimen: Specimen) throws {
    let browser = try Browser()
    let tab = try Tab(browser, specimen.html)
    for (name, width, scheme, media) in [
      ("light", 1400, "light", "screen"), ("dark", 1400, "dark", "screen"), ("phone", 360, "light", "screen"),
      ("phone-dark", 360, "dark", "screen"), ("print", 720, "dark", "print"),
    ] {
      try tab.resize(width)
      try tab.emulate(scheme: scheme, media: media)
      let png = try tab.screenshot()
      try Self.keep(png, "\(specimen.name)-\(name).png")
      let picture = try Picture(png, in: browser)
      #expect(picture.colours > 30, "\(name)")
      #expect(picture.paperShare < 0.99, "\(name)")
      #expect(
        scheme == "dark" && media == "screen" ? picture.paperBrightness < 60 : picture.paperBrightness > 200, "\(name)")
    }
    // With a medium set, printing would use that one.
    try tab.emulate(media: "")
    let pdf = try tab.pdf()
    #expect(pdf.starts(with: Data("%PDF-".utf8)))
    try Self.keep(pdf, "\(specimen.name).pdf")
  }

  /// Screenshots are also written for people to look at, if a folder is given.
  private static func keep(_ data: Data, _ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["FAIRLEAD_SHOTS"], !folder.isEmpty else { return }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try data.write(to: URL(filePath: folder).appending(path: name))
  }

  @Test("the first screen of a dangerous change has the verdict, what breaks and what to do")
  func firstScreen() throws {
    let tab = try Tab(Browser(), try Self.specimen("dangerous"))
    #expect(try tab.text(".verdict .word") == ["Critical"])
    #expect(try tab.text(".breaks a").first == "The old iptables rules stay, and some keep rejecting")
    #expect(try tab.text(".first li").first == "Count what is rejected now, to compare it later.")
    let below = try tab.lines(
      "[...document.querySelectorAll('.verdict, .glance section')].filter(e => e.getBoundingClientRect().bottom > 900).map(e => e.textContent)"
    )
    #expect(below == [], "all of it lies within 900 pixels")
    let struck = try tab.value(
      "[...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).textDecorationLine === 'line-through').length"
    )
    #expect(struck == 0, "nothing that is to be done looks undone")
    let icons = try tab.value("document.querySelectorAll('.verdict .word svg polygon').length")
    #expect(icons == 1, "the verdict has a shape, not only a colour")
  }

  @Test("each figure of a dangerous change is shown in one size for the width, with an alternative text")
  func drawings() throws {
    let tab = try Tab(Browser(), try Self.specimen("dangerous"))
    let shown = "[...document.querySelectorAll('svg.drawing')].filter(e => e.getBoundingClientRect().width > 0)"
    for width in [360, 800, 1400] {
      try tab.resize(width)
      #expect(try tab.value("\(shown).length") == 4, "\(width) px")
      #expect(try tab.value("\(shown).every(e => e.getAttribute('role') === 'img')") == true)
    }
    #expect(try tab.lines("\(shown).map(e => e.querySelector('title').textContent)").sorted().first?.isEmpty == false)
  }

  @Test("markup and scripts in a report's texts are shown as text")
  func hostile() throws {
    let tab = try Tab(Browser(), try Self.specimen("hostile"))
    #expect(try tab.value("document.querySelectorAll('script, img').length") == 0)
    #expect(try tab.text("h1").first?.contains("<script>document.title='owned'</script>") == true)
    #expect(try tab.text("h1").first?.contains("\\u{202e}drowssap") == true)
    #expect(try tab.value("document.title.includes('owned') && !document.title.startsWith('owned')") == true)
  }

  @Test("a refused change names what refuses it, and no command that would carry it out")
  func blocked() throws {
    let tab = try Tab(Browser(), try Self.specimen("blocked"))
    #expect(try tab.text(".verdict .word") == ["Blocked"])
    #expect(try tab.text(".verdict strong") == ["Refused by POL-01, and until this is met: feature."])
    #expect(try tab.text(".phase") == ["Before"])
    #expect(try tab.text("figure svg").isEmpty, "an estimate that cannot be made has no picture")
    #expect(try tab.text("figcaption p").first == "Cannot be estimated without --service-count, --node-count.")
  }

  @Test("a history of forty revisions has a row, a mark and a verdict for each")
  func history() throws {
    let tab = try Tab(Browser(), try Self.specimen("history"))
    #expect(try tab.text(".revisions tbody th").count == 40)
    #expect(try tab.text(".revisions tbody th").first == "40")
    for (width, size) in [(360, "narrow"), (800, "wide"), (1400, "full")] {
      try tab.resize(width)
      let marks = try tab.lines(
        "[...document.querySelectorAll('.picture.\(size) text')].filter(e => /^\\d+$/.test(e.textContent)).map(e => e.textContent)"
      )
      #expect(marks == (1...40).map(String.init), "\(width) px")
    }
  }
}
