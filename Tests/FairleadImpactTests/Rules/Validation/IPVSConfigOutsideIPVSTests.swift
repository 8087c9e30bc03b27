// Tests of VAL-01: ipvsConfig without IPVS.

import ExactJSON
import FairleadModel
import Testing

@testable import FairleadImpact

extension Refusal {
  /// The id of the rule that refuses a document.
  var rule: String? { if case .parameter(_, _, let rule) = detail { rule } else { nil } }
  /// Where in the document it is.
  var path: String? { if case .parameter(let path, _, _) = detail { path } else { nil } }
}

@Suite("VAL-01: ipvsConfig goes with mode IPVS only")
struct IPVSConfigOutsideIPVSTests {
  /// The refusal of a document; `nil` where it is accepted.
  static func refusal(_ document: JSON) -> Refusal? {
    do throws(Refusal) {
      _ = try KubeProxyDocument(document)
      return nil
    } catch { return error }
  }

  @Test("A document with ipvsConfig in another mode, or without a mode, is refused with the rule's id")
  func refused() {
    for document: JSON in [
      ["mode": "NFTABLES", "ipvsConfig": ["scheduler": "RoundRobin"]], ["mode": "IPTABLES", "ipvsConfig": [:]],
      ["ipvsConfig": ["tcpTimeoutSeconds": 900]],
    ] {
      let refusal = Self.refusal(document)
      #expect(refusal?.rule == IPVSConfigOutsideIPVS.id)
      #expect(refusal?.path == "config.ipvsConfig")
      #expect(refusal?.azureCode == "KubeProxyConfigFieldUnsupported")
    }
  }

  @Test("With mode IPVS, or without ipvsConfig, the document is accepted")
  func taken() {
    #expect(Self.refusal(["mode": "IPVS", "ipvsConfig": ["scheduler": "RoundRobin"]]) == nil)
    #expect(Self.refusal(["mode": "NFTABLES"]) == nil)
    #expect(Self.refusal(["mode": "NFTABLES", "ipvsConfig": .null]) == nil)
  }

  @Test("No fact decides it: the document is validated, and the engine does not run the rule")
  func notARule() {
    #expect(!Catalogue.ids.contains(IPVSConfigOutsideIPVS.id))
    #expect(Catalogue.entries.contains { $0.id == IPVSConfigOutsideIPVS.id })
  }
}
