// Tests of ENB-01: disabling kube-proxy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENB-01: disabling kube-proxy freezes the rules")
struct ServiceRulesFreezeTests {
  @Test("It is critical, and names the mode whose rules stay")
  func fires() {
    let finding = finding(
      ServiceRulesFreeze.self, in: change(.ipvs(), .disabled, [.networkPlugin: .word("none"), .nodeCount: .count(5)]))
    #expect(finding?.severity == .critical)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("The IPVS rules of each of the 5 nodes") == true)
  }

  @Test("Disabling is not a mode change")
  func noModeChange() {
    let rules = judged(change(.ipvs(), .disabled)).map(\.rule)
    #expect(!rules.contains { $0.hasPrefix("MODE") })
  }

  @Test("It is silent for a kube-proxy that was disabled before, one that stays enabled, and creation")
  func silent() {
    #expect(ServiceRulesFreeze.evaluate(change(.disabled, KubeProxyConfig(enabled: false, mode: .ipvs))) == nil)
    #expect(ServiceRulesFreeze.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(ServiceRulesFreeze.evaluate(change(nil, .disabled)) == nil)
  }

  @Test("No fact decides it")
  func noFact() {
    #expect(verdicts(ServiceRulesFreeze.self, .iptables, .disabled) == ["critical will"])
  }

  @Test("Its steps check the replacement before, and reboot the nodes after")
  func steps() {
    let move = change(.ipvs(), .disabled)
    #expect(words(ServiceRulesFreeze.self, move, .before).contains("kubectl get daemonsets -A"))
    #expect(words(ServiceRulesFreeze.self, move, .after).contains("kubectl drain NODE"))
  }
}
