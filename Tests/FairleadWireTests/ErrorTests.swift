// Every kind of error as it is on the wire.

import ExactJSON
import FairleadModel
import FairleadWire
import Testing

@Suite("Errors on the wire")
struct ErrorTests {
  private static let report = Report(
    subject: "rg/web", verdict: .blocked, summary: "s", affected: Affected(clusters: 1))
  private static let reportText =
    #"{"formatVersion":1,"subject":"rg/web","verdict":"blocked","summary":"s","notes":[],"overridden":[],"diff":[],"#
    + #""findings":[],"prerequisites":[],"estimates":{},"affected":{"clusters":1},"sequence":[]}"#

  @Test(
    "each kind has its number, its symbol and its typed members",
    arguments: [
      (.parseError, -32700, #"{"kind":"parse-error"}"#),
      (.invalidRequest, -32600, #"{"kind":"invalid-request"}"#),
      (.unknownMethod(nearest: "cluster.get"), -32601, #"{"kind":"unknown-method","nearest":"cluster.get"}"#),
      (
        .invalidParams(path: "config.mode", nearest: "IPVS", rule: "VAL-04"), -32602,
        #"{"kind":"invalid-params","path":"config.mode","nearest":"IPVS","rule":"VAL-04"}"#
      ),
      (.internalError(incident: "x1"), -32603, #"{"kind":"internal","incident":"x1"}"#),
      (.notFound, -32001, #"{"kind":"not-found"}"#),
      (.alreadyExists, -32002, #"{"kind":"already-exists"}"#),
      (
        .conflict(path: "ifRevision", expected: 2, actual: 3), -32003,
        #"{"kind":"conflict","path":"ifRevision","expected":2,"actual":3}"#
      ),
      (.blocked(report), -32004, #"{"kind":"blocked","report":\#(reportText)}"#),
      (.prerequisite(report), -32005, #"{"kind":"prerequisite","report":\#(reportText)}"#),
      (.denied(role: "read", needed: "admin"), -32006, #"{"kind":"denied","role":"read","needed":"admin"}"#),
      (.tooLarge(limit: 9), -32007, #"{"kind":"too-large","limit":9}"#),
      (.busy(retryAfterMs: 100), -32008, #"{"kind":"busy","retryAfterMs":100}"#),
      (.unavailable, -32009, #"{"kind":"unavailable"}"#),
      (
        .planStale(moved: ["cluster", "rules"], changes: []), -32010,
        #"{"kind":"plan-stale","moved":["cluster","rules"],"changes":[]}"#
      ),
      (.requestIDReused, -32011, #"{"kind":"request-id-reused"}"#),
    ] as [(Refusal.Reason, Int, String)])
  func shapes(reason: Refusal.Reason, number: Int, data: String) {
    let text = Refusal(reason, "cannot do it").wireJSON.text
    #expect(text == #"{"code":\#(number),"message":"cannot do it","data":\#(data)}"#)
  }

  @Test("Azure's code is a member besides the kind")
  func azureCode() {
    let refusal = Refusal(.notFound, "cannot find it", azureCode: "ResourceNotFound")
    #expect(refusal.wireJSON["data"] == ["kind": "not-found", "azureCode": "ResourceNotFound"])
  }

  @Test("no two kinds share a number")
  func unique() {
    #expect(Set(ErrorCode.allCases.map(\.number)).count == ErrorCode.allCases.count)
  }
}
