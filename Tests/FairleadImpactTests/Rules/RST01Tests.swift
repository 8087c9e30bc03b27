// RST-01: every effective change.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("RST-01: a change reaches a node with its kube-proxy pod")
struct RST01Tests {
  @Test(
    "Every effective change fires it",
    arguments: [
      (KubeProxyConfig.iptables, KubeProxyConfig.nftables), (.ipvs(), .leastConnection), (.ipvs(), .disabled),
      (.disabled, .ipvs()), (.ipvs(), .ipvs(nil, [.udp: 30])), (.empty, .ipvs()),
    ])
  func fires(before: KubeProxyConfig, after: KubeProxyConfig) {
    let finding = finding(RST01.self, in: change(before, after))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .will)
  }

  @Test("It tells a restart from a start and from an end")
  func wording() {
    #expect(RST01.evaluate(change(.iptables, .disabled))?.detail.contains("pod is removed") == true)
    #expect(RST01.evaluate(change(.disabled, .iptables))?.detail.contains("pod starts") == true)
    #expect(RST01.evaluate(change(.iptables, .nftables))?.remedy.contains("rollout restart") == true)
    #expect(RST01.evaluate(change(.iptables, .disabled))?.remedy.contains("rollout restart") == false)
  }

  @Test("Only where IPVS stays do connections keep flowing by themselves")
  func ipvs() {
    #expect(RST01.evaluate(change(.ipvs(), .leastConnection))?.detail.contains("keep flowing") == true)
    #expect(RST01.evaluate(change(.ipvs(), .nftables))?.detail.contains("keep flowing") == false)
  }

  @Test("A change of text alone, and creation, are silent")
  func silent() {
    #expect(RST01.evaluate(change(.empty, .iptables)) == nil)
    #expect(RST01.evaluate(change(nil, .iptables)) == nil)
  }

  @Test("No rule folds it")
  func neverFolded() {
    #expect(!Catalogue.rules.contains { $0.folds.contains(RST01.id) })
  }
}
