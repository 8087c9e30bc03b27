// Tests of VAL-04: schedulers that AKS does not offer.

import ExactJSON
import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("VAL-04: AKS offers two schedulers")
struct UnknownSchedulerTests {
  static func refusal(_ scheduler: String) -> Refusal? {
    IPVSConfigOutsideIPVSTests.refusal(["mode": "IPVS", "ipvsConfig": ["scheduler": .string(scheduler)]])
  }

  @Test(
    "Any other value is refused with the rule's id",
    arguments: ["LeastConnections", "WeightedRoundRobin", "leastconnection", "lc", ""])
  func refused(word: String) {
    let refusal = Self.refusal(word)
    #expect(refusal?.rule == UnknownScheduler.id)
    #expect(refusal?.azureCode == "KubeProxyConfigValueUnsupported")
  }

  @Test("The plural of old articles is refused with the singular as the nearest value")
  func nearest() {
    #expect(Self.refusal("LeastConnections")?.message.contains("'LeastConnection'") == true)
  }

  @Test("The two values of the API, and none, are accepted")
  func taken() {
    for scheduler in IPVSScheduler.allCases { #expect(Self.refusal(scheduler.rawValue) == nil) }
    #expect(IPVSConfigOutsideIPVSTests.refusal(["mode": "IPVS", "ipvsConfig": [:]]) == nil)
  }

  @Test("No fact decides it: the document is validated, and the engine does not run the rule")
  func notARule() {
    #expect(!Catalogue.ids.contains(UnknownScheduler.id))
    #expect(Catalogue.entries.contains { $0.id == UnknownScheduler.id })
  }
}
