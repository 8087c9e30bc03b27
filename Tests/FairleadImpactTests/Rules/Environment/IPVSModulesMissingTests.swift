// ENV-03: what IPVS needs on a node.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENV-03: IPVS needs kernel modules and ipset")
struct IPVSModulesMissingTests {
  @Test("Into IPVS it is a remark that names the modules of the scheduler, on creation too")
  func fires() {
    for before in [nil, KubeProxyConfig.iptables, .nftables] {
      let finding = finding(IPVSModulesMissing.self, in: change(before, .leastConnection))
      #expect(finding?.severity == .info)
      #expect(finding?.certainty == .may)
      #expect(finding?.detail.contains("modules ip_vs and ip_vs_lc, and ipset") == true)
    }
    #expect(IPVSModulesMissing.evaluate(change(nil, .ipvs()))?.verify.hasSuffix("ip_vs ip_vs_rr") == true)
  }

  @Test("It says what a failed start leaves, which depends on the mode before")
  func outcome() {
    #expect(IPVSModulesMissing.evaluate(change(.nftables, .ipvs()))?.detail.contains("serves no Service") == true)
    #expect(IPVSModulesMissing.evaluate(change(.iptables, .ipvs()))?.detail.contains("iptables rules stay") == true)
    #expect(IPVSModulesMissing.evaluate(change(.disabled, .ipvs()))?.detail.contains("an earlier run") == true)
  }

  @Test("Where IPVS has run, and for the other modes, it is silent")
  func silent() {
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .ipvs(nil, [.tcp: 60]))) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.disabled, .ipvs(), lastMode: .ipvs)) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .disabled)) == nil)
  }

  @Test("No fact decides about it, since modules are none")
  func noFact() {
    #expect(verdicts(IPVSModulesMissing.self, .iptables, .ipvs()) == ["info may"])
  }
}
