// Tests of VAL-02: timeouts that are no positive numbers.

import ExactJSON
import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("VAL-02: a timeout is a positive number of seconds")
struct TimeoutNotPositiveTests {
  static func document(_ key: String, _ value: JSON) -> JSON {
    var timeouts = JSONObjectBuilder()
    timeouts.set(key, value)
    return ["mode": "IPVS", "ipvsConfig": timeouts.json]
  }

  @Test(
    "Zero, a negative number, a fraction and a text are refused with the rule's id",
    arguments: [.integer(0), .integer(-1), .number("1.5"), .string("900"), .bool(true)] as [JSON])
  func refused(value: JSON) {
    for timeout in IPVSTimeout.allCases {
      let refusal = IPVSConfigOutsideIPVSTests.refusal(Self.document(timeout.rawValue, value))
      #expect(refusal?.rule == TimeoutNotPositive.id)
      #expect(refusal?.path == "config.ipvsConfig.\(timeout.rawValue)")
    }
  }

  @Test("A positive number, and a key that is left out or null, are accepted")
  func taken() {
    #expect(IPVSConfigOutsideIPVSTests.refusal(Self.document("tcpTimeoutSeconds", 1)) == nil)
    #expect(IPVSConfigOutsideIPVSTests.refusal(Self.document("udpTimeoutSeconds", .null)) == nil)
    #expect(IPVSConfigOutsideIPVSTests.refusal(["mode": "IPVS", "ipvsConfig": [:]]) == nil)
  }

  @Test("A number beyond int32 is refused without the rule's id; one that the kernel may refuse is left to VAL-03")
  func tooLong() {
    let past = IPVSConfigOutsideIPVSTests.refusal(Self.document("tcpTimeoutSeconds", .integer(Int(Int32.max) + 1)))
    #expect(past != nil && past?.rule == nil)
    #expect(IPVSConfigOutsideIPVSTests.refusal(Self.document("tcpTimeoutSeconds", .integer(Int(Int32.max)))) == nil)
  }

  @Test("No fact decides it: the document is validated, and the engine does not run the rule")
  func notARule() {
    #expect(!Catalogue.ids.contains(TimeoutNotPositive.id))
    #expect(Catalogue.entries.contains { $0.id == TimeoutNotPositive.id })
  }
}
