// Tests of RST-01: every effective change.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("RST-01: a change reaches a node with its kube-proxy pod")
struct NodeByNodeRestartTests {
  @Test(
    "It fires for every effective change",
    arguments: [
      (KubeProxyConfig.iptables, KubeProxyConfig.nftables), (.ipvs(), .leastConnection), (.ipvs(), .disabled),
      (.disabled, .ipvs()), (.ipvs(), .ipvs(nil, [.udp: 30])), (.empty, .ipvs()),
    ])
  func fires(before: KubeProxyConfig, after: KubeProxyConfig) {
    let finding = finding(NodeByNodeRestart.self, in: change(before, after))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .will)
  }

  @Test("It distinguishes a restart from enabling and disabling")
  func wording() {
    #expect(NodeByNodeRestart.evaluate(change(.iptables, .disabled))?.detail.contains("pod is removed") == true)
    #expect(NodeByNodeRestart.evaluate(change(.disabled, .iptables))?.detail.contains("pod starts") == true)
    #expect(NodeByNodeRestart.evaluate(change(.iptables, .nftables))?.remedy.contains("rollout restart") == true)
    #expect(NodeByNodeRestart.evaluate(change(.iptables, .disabled))?.remedy.contains("rollout restart") == false)
  }

  @Test("It says that connections continue only where IPVS stays")
  func ipvs() {
    #expect(NodeByNodeRestart.evaluate(change(.ipvs(), .leastConnection))?.detail.contains("keep flowing") == true)
    #expect(NodeByNodeRestart.evaluate(change(.ipvs(), .nftables))?.detail.contains("keep flowing") == false)
  }

  @Test("It is silent without an effective change, and for creation")
  func silent() {
    #expect(NodeByNodeRestart.evaluate(change(.empty, .iptables)) == nil)
    #expect(NodeByNodeRestart.evaluate(change(nil, .iptables)) == nil)
  }

  @Test("No rule folds it")
  func neverFolded() {
    #expect(!Catalogue.rules.contains { $0.folds.contains { $0.id == NodeByNodeRestart.id } })
  }
}
