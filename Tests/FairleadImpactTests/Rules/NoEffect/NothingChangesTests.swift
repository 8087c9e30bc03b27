// Tests of NOOP-01: text without effect.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NOOP-01: text that differs without effect")
struct NothingChangesTests {
  @Test("It names what differs in the document, and has severity none")
  func names() {
    let finding = NothingChanges.finding(for: change(.empty, .iptables))
    #expect(finding.rule == "NOOP-01")
    #expect(finding.severity == .none)
    #expect(finding.certainty == .will)
    #expect(finding.detail.contains("mode from unset to IPTABLES") == true)
    #expect(finding.detail.contains("runs in IPTABLES before and after"))
    #expect(finding.verify == "fairlead diff -g rg -n prod")
  }

  @Test("It includes settings without effect while kube-proxy is disabled")
  func inert() {
    let after = KubeProxyConfig(enabled: false, mode: .ipvs, ipvs: IPVSConfig(timeouts: [.udp: 60]))
    let finding = NothingChanges.finding(for: change(.disabled, after))
    #expect(finding.detail.contains("ipvsConfig.udpTimeoutSeconds from unset to 60"))
    #expect(finding.detail.contains("kube-proxy is disabled before and after"))
  }

  @Test("The engine does not run it")
  func notARule() {
    #expect(!Catalogue.ids.contains(NothingChanges.id))
  }
}
