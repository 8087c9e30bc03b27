// The verifier against histories made by hand: a legal one, and each way to make it illegal.

import HistoryChecker
import ExactJSON
import Testing

@Suite("Verifier of histories")
struct VerifierTests {
  @Test("a legal history has no violation")
  func legal() throws {
    #expect(try Sample.legal().violations() == [])
  }

  @Test(
    "a history that is spoilt in one way has the one violation that says so",
    arguments: Spoilt.all)
  func spoilt(_ spoilt: Spoilt) throws {
    var sample = Sample.legal()
    spoilt.spoil(&sample)
    let violations = try sample.violations()
    #expect(violations.map(\.kind) == [spoilt.kind], "\(violations)")
  }

  @Test("every kind of violation has a history that shows it")
  func complete() {
    let shown = Set((Spoilt.all).map(\.kind))
    #expect(shown.union(Violation.Kind.ofConnections) == Set(Violation.Kind.allCases))
  }

  @Test("a history that looks odd and is legal has no violation", arguments: Spoilt.odd)
  func odd(_ odd: Spoilt) throws {
    var sample = Sample.legal()
    odd.spoil(&sample)
    #expect(try sample.violations() == [])
  }
}
