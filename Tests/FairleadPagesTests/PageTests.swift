// The pages as HTML text: every member of a report is on the page, and escaped.

import ExactJSON
import FairleadModel
import Testing

@testable import FairleadPages

@Suite("Pages")
struct PageTests {
  /// Every text and number within a value, but for the keys of its objects.
  private static func leaves(_ json: JSON) -> [String] {
    switch json {
    case .null, .bool: []
    case .integer(let value): [grouped(value)]
    case .number(let text), .string(let text): [text]
    case .array(let items): items.flatMap(leaves)
    case .object(let object): object.members.flatMap { leaves($0.value) }
    }
  }

  @Test("every member of a report is on its page", arguments: [Sample.dangerous, Sample.harmless, Sample.registration])
  func complete(report: Report) {
    let page = ReportPage.render(report, generated: Sample.generated)
    for leaf in Self.leaves(report.json) {
      // Some values are formatted on the page: a percentage of the mean is a factor, a severity has a capital.
      let spellings: [String] = [
        leaf, leaf.replacing(" -> ", with: " \u{2192} "), leaf.prefix(1).uppercased() + leaf.dropFirst(),
        Certainty(rawValue: leaf)?.word ?? leaf, Step.Phase(rawValue: leaf)?.heading ?? leaf,
        FactKey(rawValue: leaf)?.flag ?? leaf, Int(leaf.filter { $0 != "," }).map { duration($0) } ?? leaf,
        Int(leaf.filter { $0 != "," }).map { "\(number(Double($0) / 100)) x mean" } ?? leaf,
        leaf.filter { $0 != "," },
      ]
      #expect(spellings.contains { page.contains(escaped($0)) }, "\(leaf)")
    }
    #expect(page.contains(Sample.generated))
  }

  @Test("the page of a plan says so, and has its digest")
  func plan() throws {
    let page = ReportPage.render(Sample.blocked, generated: Sample.generated)
    #expect(page.contains("Impact report of a plan: nothing is recorded"))
    #expect(page.contains(try #require(Sample.blocked.planDigest)))
  }

  @Test("a change that only a gate refuses is called refused, whatever its findings' severities")
  func gate() {
    let report = Report(
      subject: "a/b", verdict: .low, summary: "update a/b",
      prerequisites: [Prerequisite(id: .feature, met: false, detail: "NotRegistered.", command: "register")],
      affected: Affected(clusters: 1))
    let page = ReportPage.render(report, generated: Sample.generated)
    #expect(page.contains("<title>Refused: update a/b</title>"))
    #expect(page.contains("Refused until this is met: feature."))
    #expect(page.contains("Its findings: low."))
  }

  @Test("a missing member of a finding is not taken from the enclosing template context")
  func absent() {
    let finding = Finding(
      rule: "RST-01", severity: .low, certainty: .will, title: "t", detail: "", remedy: "", verify: "", source: "")
    let page = ReportPage.render(
      Report(subject: "s", verdict: .low, summary: "S", findings: [finding], affected: Affected(clusters: 0)),
      generated: "")
    for word in ["<dt>", "class=\"detail\"", "also says", "standing:", "<pre", "<figure", "What changes", "Notes"] {
      #expect(!page.contains(word), "\(word)")
    }
  }

  @Test(
    "texts are escaped",
    arguments: [
      ("<script>", "&lt;script&gt;"), ("a&b", "a&amp;b"), ("\"'", "&quot;&#39;"),
      // For Swift this is one character; for a browser the quote ends the attribute.
      ("\"\u{301}", "&quot;\u{301}"), ("<\u{301}", "&lt;\u{301}"),
      ("\u{202E}evil", "\\u{202e}evil"), ("\u{0}\u{1B}[31m", "\\u{0}\\u{1b}[31m"), ("\u{FFFE}", "\\u{fffe}"),
      ("a\nb\tc", "a\nb\tc"), ("\r\n", "\\u{d}\n"), ("\u{1F600} \u{5D0}", "\u{1F600} \u{5D0}"),
      ("{{{style}}}", "{{{style}}}"),
    ])
  func escaping(text: String, shown: String) {
    #expect(escaped(text) == shown)
    let page = ReportPage.render(
      Report(subject: text, verdict: .none, summary: text, notes: [text], affected: Affected(clusters: 0)),
      generated: text)
    #expect(page.contains("<li dir=\"auto\">\(shown)</li>"))
    #expect(text == shown || !page.contains(text) || text.contains("\r"))
  }

  @Test("equal loads in a row are printed once")
  func runs() {
    #expect(FigureView.runs([24, 11, 3, 3, 0, 0, 0]) == "24, 11, 3 (2 pods), 0 (3 pods)")
    #expect(FigureView.runs([]) == "")
  }

  @Test("a history has a row for each revision, newest first, with its verdict, origin, mode and message")
  func history() {
    let page = HistoryPage.render(Sample.longHistory, generated: Sample.generated)
    let rows = page.split(separator: "<tr id=\"revision-").dropFirst().compactMap { $0.split(separator: "\"").first }
    let numbers = rows.compactMap { row -> Int? in Int(row) }
    #expect(numbers == Array((1...40).reversed()))
    for text in [
      "Revision 40 stands: IPVS, since 2026-11-08.", "revert to 16", "the way out of IPVS, as agreed", "not known",
      "LeastConnection, TCP 900 s", "2026-08-03 07:00:00", "maria",
    ] { #expect(page.contains(text), "\(text)") }
  }

  @Test("of a very long history the newest part is drawn, and every revision listed")
  func veryLong() {
    let entries = (1...500).map {
      Sample.entry($0, Timestamp(milliseconds: $0 * 1000), .update, KubeProxyConfig(mode: .ipvs), .low)
    }
    let page = HistoryPage.render(
      History(subject: "a/b", entries: entries, until: Timestamp(milliseconds: 600_000)), generated: "")
    #expect(page.contains("The newest 240 of 500 revisions are drawn."))
    #expect(page.split(separator: "<tr id=\"revision-").count == 501)
  }

  @Test("a history that was cut off and an empty one say so")
  func cut() throws {
    var page = HistoryPage.render(
      History(
        subject: "a/b", entries: Array(Sample.longHistory.entries.suffix(3)), until: Sample.longHistory.until,
        isCut: true),
      generated: "")
    #expect(page.contains("Older revisions are left out."))
    page = HistoryPage.render(History(subject: "a/b", entries: [], until: Timestamp(milliseconds: 0)), generated: "")
    #expect(page.contains("No revision is recorded."))
    #expect(!page.contains("<figure"))
  }
}
