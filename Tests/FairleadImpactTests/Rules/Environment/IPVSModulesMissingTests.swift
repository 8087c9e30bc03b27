// Tests of ENV-03: what IPVS needs on a node.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENV-03: IPVS needs kernel modules and ipset")
struct IPVSModulesMissingTests {
  @Test("Into IPVS it names the modules of the scheduler, also on creation")
  func fires() {
    for before in [nil, KubeProxyConfig.iptables, .nftables] {
      let finding = finding(IPVSModulesMissing.self, in: change(before, .leastConnection))
      #expect(finding?.severity == .info)
      #expect(finding?.certainty == .may)
      #expect(finding?.detail.contains("modules ip_vs and ip_vs_lc, and ipset") == true)
    }
    #expect(IPVSModulesMissing.evaluate(change(nil, .ipvs()))?.verify.hasSuffix("ip_vs ip_vs_rr") == true)
  }

  @Test("It says what a failed start leaves, depending on the previous mode")
  func outcome() {
    #expect(IPVSModulesMissing.evaluate(change(.nftables, .ipvs()))?.detail.contains("serves no Service") == true)
    #expect(IPVSModulesMissing.evaluate(change(.iptables, .ipvs()))?.detail.contains("iptables rules stay") == true)
    #expect(IPVSModulesMissing.evaluate(change(.disabled, .ipvs()))?.detail.contains("an earlier run") == true)
  }

  @Test("It is silent where IPVS has run, and for the other modes")
  func silent() {
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .ipvs(nil, [.tcp: 60]))) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.disabled, .ipvs(), lastMode: .ipvs)) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(IPVSModulesMissing.evaluate(change(.ipvs(), .disabled)) == nil)
  }

  @Test("No fact decides it, since modules are not a fact")
  func noFact() {
    #expect(verdicts(IPVSModulesMissing.self, .iptables, .ipvs()) == ["info may"])
  }
}
