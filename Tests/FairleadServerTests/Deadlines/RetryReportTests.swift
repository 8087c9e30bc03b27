// What the log says while a deadline cannot be met: each reason once, and the end.

@testable import FairleadServer
import Testing

@Suite("Reports of a step that is tried again")
struct RetryReportTests {
  private var report = RetryReport(failure: "it could not settle", recovery: "it can settle again")

  @Test("the same reason is logged once, however often it is met; another one is news")
  mutating func once() {
    let lines = [report.failed("full"), report.failed("full"), report.failed("locked"), report.failed("full")]
    #expect(
      lines == [
        "it could not settle, and is tried again every second: full", nil,
        "it could not settle, and is tried again every second: locked",
        "it could not settle, and is tried again every second: full",
      ])
  }

  @Test("the end is logged once, and the same reason after it is news")
  mutating func end() {
    let before = report.worked()
    _ = report.failed("full")
    let (end, later, again) = (report.worked(), report.worked(), report.failed("full"))
    #expect(before == nil)
    #expect(end == "it can settle again")
    #expect(later == nil)
    #expect(again == "it could not settle, and is tried again every second: full")
  }
}
