// Tests of MODE-01: the gap of a mode change.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-01: new connections fail for a moment")
struct BriefInterruptionTests {
  @Test("Into NFTABLES and out of it the gap is certain, and has the cluster's numbers")
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

  @Test("Between IPTABLES and IPVS it only repeats the article's warning, since no rules are removed")
  func withoutCleanup() {
    let finding = BriefInterruption.evaluate(change(.iptables, .ipvs()))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("slight interruption") == true)
  }

  @Test("It is silent for the same mode, by name or by default, and for a disabled kube-proxy")
  func silent() {
    #expect(BriefInterruption.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(BriefInterruption.evaluate(change(.empty, .iptables)) == nil)
    #expect(BriefInterruption.evaluate(change(.ipvs(), .disabled)) == nil)
    #expect(BriefInterruption.evaluate(change(nil, .nftables)) == nil)
  }

  @Test(
    "Enabling kube-proxy in another mode than the last one is a mode change of nodes that may have lost the old rules")
  func enabling() {
    let finding = BriefInterruption.evaluate(change(.disabled, .nftables, lastMode: .iptables))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("IPTABLES ran last") == true)
    #expect(BriefInterruption.evaluate(change(.disabled, .nftables, lastMode: .nftables)) == nil)
    #expect(BriefInterruption.evaluate(change(.disabled, .nftables)) == nil)
  }

  @Test("With Windows nodes it does not name the number of nodes, since these have another proxy")
  func windows() {
    let facts: Facts = [.nodeCount: .count(12), .windowsNodes: .bool(true)]
    #expect(BriefInterruption.evaluate(change(.iptables, .nftables, facts))?.detail.contains("each Linux node") == true)
  }

  @Test("No fact decides it")
  func noFact() {
    #expect(verdicts(BriefInterruption.self, .iptables, .nftables) == ["high will"])
    #expect(verdicts(BriefInterruption.self, .ipvs(), .iptables) == ["medium may"])
  }
}
