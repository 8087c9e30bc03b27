// Refusals: a code with the detail that goes with it.

import FairleadModel
import Testing

@Suite("Refusals")
struct RefusalTests {
  private static let report = Report(
    subject: "rg/web", verdict: .blocked, summary: "s", affected: Affected(clusters: 1))

  @Test("a refusal by a rule or a gate carries its report, and no other does")
  func reports() {
    #expect(Refusal(.blocked(Self.report), "cannot").report == Self.report)
    #expect(Refusal(.prerequisite(Self.report), "cannot").report == Self.report)
    #expect(Refusal(.planStale(moved: ["rules"], changes: []), "cannot").report == nil)
    #expect(Refusal(.notFound, "cannot").report == nil)
  }

  @Test("the refusal of a stale plan has the parts that changed")
  func moved() {
    let refusal = Refusal(.planStale(moved: ["cluster", "rules"], changes: []), "cannot")
    #expect(refusal.code == .planStale)
    #expect(refusal.movedBase?.moved == ["cluster", "rules"])
    #expect(Refusal(.blocked(Self.report), "cannot").movedBase == nil)
  }

  @Test("two refusals are equal where code, detail and message are")
  func equality() {
    let other = Report(subject: "rg/db", verdict: .blocked, summary: "s", affected: Affected(clusters: 1))
    #expect(Refusal.Reason.blocked(Self.report) == .blocked(Self.report))
    #expect(Refusal.Reason.blocked(Self.report) != .blocked(other))
    #expect(Refusal.Reason.blocked(Self.report) != .prerequisite(Self.report))
    #expect(Refusal.Reason.invalidParams(path: "a") != .invalidParams(path: "b"))
    #expect(Set([Refusal.Reason.blocked(Self.report), .blocked(Self.report), .blocked(other)]).count == 2)
  }

  @Test("prefixing a path changes the path of a parameter or a guard, and no other detail")
  func below() {
    #expect(Refusal.Reason.invalidParams(path: "mode").below("changes[3]") == .invalidParams(path: "changes[3].mode"))
    #expect(Refusal.Reason.invalidParams(path: "").below("changes[3]") == .invalidParams(path: "changes[3]"))
    #expect(
      Refusal.Reason.conflict(path: "ifSeq", expected: 1, actual: 2).below("a")
        == .conflict(path: "a.ifSeq", expected: 1, actual: 2))
    #expect(Refusal.Reason.blocked(Self.report).below("a") == .blocked(Self.report))
    #expect(Refusal.Reason.notFound.below("a") == .notFound)
  }
}
