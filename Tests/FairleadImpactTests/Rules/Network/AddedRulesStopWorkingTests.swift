// Tests of NET-05: rules of others on kube-proxy's chains.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NET-05: what others hang on kube-proxy's own rules")
struct AddedRulesStopWorkingTests {
  @Test("It fires for every mode change, with the highest severity where the chains are lost; no fact decides it")
  func fires() {
    let moves: [(KubeProxyConfig, KubeProxyConfig, Severity)] = [
      (.iptables, .nftables, .medium), (.ipvs(), .nftables, .medium), (.nftables, .iptables, .low),
      (.nftables, .ipvs(), .low), (.iptables, .ipvs(), .low), (.ipvs(), .iptables, .low),
    ]
    for (before, after, severity) in moves {
      let finding = finding(AddedRulesStopWorking.self, in: change(before, after))
      #expect(finding?.severity == severity)
      #expect(finding?.certainty == .may)
    }
  }

  @Test("Its step lists the rules of the old mode")
  func steps() {
    func command(_ before: KubeProxyConfig, _ after: KubeProxyConfig) -> String? {
      AddedRulesStopWorking.steps(for: change(before, after)).first?.commands.first
    }
    #expect(command(.nftables, .iptables) == "nft list table ip kube-proxy")
    #expect(command(.ipvs(), .nftables)?.hasPrefix("iptables-save") == true)
  }

  @Test("It is silent for the same mode, disabling, and creation")
  func silent() {
    #expect(AddedRulesStopWorking.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(AddedRulesStopWorking.evaluate(change(.iptables, .disabled)) == nil)
    #expect(AddedRulesStopWorking.evaluate(change(.disabled, .iptables, lastMode: .iptables)) == nil)
    #expect(AddedRulesStopWorking.evaluate(change(nil, .nftables)) == nil)
  }
}
