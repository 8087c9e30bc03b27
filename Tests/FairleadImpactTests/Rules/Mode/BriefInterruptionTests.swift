// MODE-01: the gap of a mode change.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-01: new connections fail for a moment")
struct BriefInterruptionTests {
  @Test("Into NFTABLES and out of it the gap is certain, and told in the cluster's own numbers")
  func fires() {
    let facts: Facts = [.nodeCount: .count(12), .serviceCount: .count(400)]
    for (before, after) in [(KubeProxyConfig.iptables, KubeProxyConfig.nftables), (.nftables, .iptables)] {
      let finding = finding(BriefInterruption.self, in: change(before, after, facts))
      #expect(finding?.severity == .high)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("each of the 12 nodes") == true)
      #expect(finding?.detail.contains("400 Services") == true)
      #expect(finding?.detail.contains("slight interruption") == true)
    }
  }

  @Test("Between IPTABLES and IPVS nothing is removed, so the gap is no more than the article's warning")
  func withoutCleanup() {
    let finding = BriefInterruption.evaluate(change(.iptables, .ipvs()))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("slight interruption") == true)
  }

  @Test("A mode that stays, by name or by default, and a disabled kube-proxy are no mode change")
  func silent() {
    #expect(BriefInterruption.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(BriefInterruption.evaluate(change(.empty, .iptables)) == nil)
    #expect(BriefInterruption.evaluate(change(.ipvs(), .disabled)) == nil)
    #expect(BriefInterruption.evaluate(change(nil, .nftables)) == nil)
  }

  @Test(
    "Enabling kube-proxy in another mode than the one that ran last is a mode change, of nodes that may have forgotten")
  func enabling() {
    let finding = BriefInterruption.evaluate(change(.disabled, .nftables, lastMode: .iptables))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("IPTABLES ran last") == true)
    #expect(BriefInterruption.evaluate(change(.disabled, .nftables, lastMode: .nftables)) == nil)
    #expect(BriefInterruption.evaluate(change(.disabled, .nftables)) == nil)
  }

  @Test("Windows nodes keep a proxy of their own, so the count of nodes is not named")
  func windows() {
    let facts: Facts = [.nodeCount: .count(12), .windowsNodes: .bool(true)]
    #expect(BriefInterruption.evaluate(change(.iptables, .nftables, facts))?.detail.contains("each Linux node") == true)
  }

  @Test("No fact decides about it")
  func noFact() {
    #expect(verdicts(BriefInterruption.self, .iptables, .nftables) == ["high will"])
    #expect(verdicts(BriefInterruption.self, .ipvs(), .iptables) == ["medium may"])
  }
}
