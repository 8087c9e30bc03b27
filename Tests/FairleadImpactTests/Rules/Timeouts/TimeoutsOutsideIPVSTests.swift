// Tests of TMO-08: timeouts outside IPVS.

import ExactJSON
import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-08: timeouts outside IPVS cannot occur")
struct TimeoutsOutsideIPVSTests {
  static let timeouts: JSON = ["tcpTimeoutSeconds": 600, "tcpFinTimeoutSeconds": 30, "udpTimeoutSeconds": 60]

  @Test("A document with timeouts is refused in every mode but IPVS", arguments: [nil, "IPTABLES", "NFTABLES"])
  func refused(mode: String?) throws {
    for enabled in [nil, true, false] {
      var builder = JSONObjectBuilder()
      builder.set("enabled", ifPresent: enabled.map { .bool($0) })
      builder.set("mode", ifPresent: mode)
      builder.set("ipvsConfig", Self.timeouts)
      let refusal = #expect(throws: Refusal.self) { try KubeProxyDocument(builder.json) }
      #expect(refusal?.reason == .invalidParams(path: "config.ipvsConfig", rule: "VAL-01"))
    }
  }

  @Test("With mode IPVS and kube-proxy disabled the document is accepted, and no timeout has effect")
  func disabled() throws {
    let document: JSON = ["enabled": false, "mode": "IPVS", "ipvsConfig": Self.timeouts]
    let config = try KubeProxyDocument(document).config
    #expect(config.ipvs?.timeouts.count == 3)
    #expect(config.effective.timeouts == [:])
  }

  @Test("The engine does not run it")
  func notARule() {
    #expect(!Catalogue.ids.contains(TimeoutsOutsideIPVS.id))
  }
}
