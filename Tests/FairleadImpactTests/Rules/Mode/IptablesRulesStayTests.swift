// Tests of MODE-02: from IPTABLES to IPVS.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-02: iptables rules stay after a move to IPVS")
struct IptablesRulesStayTests {
  @Test("From IPTABLES, by name or by default, to IPVS it is critical and folds MODE-01")
  func fires() {
    for before in [KubeProxyConfig.iptables, .empty] {
      let move = change(before, .ipvs(), [.serviceCount: .count(30), .nodeCount: .count(1)])
      let finding = finding(IptablesRulesStay.self, in: move)
      #expect(finding?.severity == .critical)
      #expect(finding?.certainty == .will)
      #expect(finding?.folds == ["MODE-01"])
      #expect(finding?.detail.contains("Of the 30 Services") == true)
      #expect(finding?.detail.contains("the one node") == true)
      #expect(caveats(of: move) == ["MODE-02"])
    }
  }

  @Test("It is silent for every other move, and for creation")
  func silent() {
    #expect(IptablesRulesStay.evaluate(change(.nftables, .ipvs())) == nil)
    #expect(IptablesRulesStay.evaluate(change(.ipvs(), .iptables)) == nil)
    #expect(IptablesRulesStay.evaluate(change(.iptables, .disabled)) == nil)
    #expect(IptablesRulesStay.evaluate(change(nil, .ipvs())) == nil)
  }

  @Test("After a time without kube-proxy the rules may be there, and the finding is still a caveat")
  func enabling() {
    let move = change(.disabled, .ipvs(), lastMode: .iptables)
    #expect(finding(IptablesRulesStay.self, in: move)?.certainty == .may)
    #expect(finding(IptablesRulesStay.self, in: move)?.folds == ["MODE-01"])
    #expect(caveats(of: move) == ["MODE-02"])
  }

  @Test("The detour through NFTABLES is offered only where no fact rules it out")
  func detour() {
    #expect(IptablesRulesStay.evaluate(change(.iptables, .ipvs()))?.remedy.contains("NFTABLES") == true)
    for facts in [[.kubernetesVersion: .version(1, 32)], [.minKernelVersion: .version(5, 10)]] as [Facts] {
      #expect(IptablesRulesStay.evaluate(change(.iptables, .ipvs(), facts))?.remedy.contains("NFTABLES") == false)
    }
  }

  @Test("No fact decides it")
  func noFact() {
    #expect(verdicts(IptablesRulesStay.self, .iptables, .ipvs()) == ["critical will"])
    #expect(verdicts(IptablesRulesStay.self, .ipvs(), .leastConnection) == ["silent"])
  }

  @Test("Its steps reboot or clean up each node afterwards, and then check it")
  func steps() {
    let steps = IptablesRulesStay.steps(for: change(.iptables, .ipvs()))
    #expect(steps.allSatisfy { $0.phase == .after })
    #expect(steps.first?.commands.first == "kubectl drain NODE --ignore-daemonsets --delete-emptydir-data")
    #expect(steps.contains { $0.commands.contains { $0.hasSuffix("kube-proxy --cleanup") } })
    #expect(steps.last?.commands.first?.contains("has no endpoints") == true)
  }
}
