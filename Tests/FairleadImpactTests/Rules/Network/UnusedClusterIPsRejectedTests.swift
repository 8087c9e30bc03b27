// Tests of NET-02: unused ClusterIPs in NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NET-02: NFTABLES answers for ClusterIPs that nobody serves")
struct UnusedClusterIPsRejectedTests {
  @Test("It fires for a move into NFTABLES; no fact decides it")
  func fires() {
    for before in [KubeProxyConfig.iptables, .ipvs()] {
      let finding = finding(UnusedClusterIPsRejected.self, in: change(before, .nftables))
      #expect(finding?.severity == .info)
      #expect(finding?.certainty == .will)
    }
  }

  @Test("It is silent for the other moves, the same mode, and creation")
  func silent() {
    #expect(UnusedClusterIPsRejected.evaluate(change(.nftables, .iptables)) == nil)
    #expect(UnusedClusterIPsRejected.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(UnusedClusterIPsRejected.evaluate(change(.nftables, .nftables)) == nil)
    #expect(UnusedClusterIPsRejected.evaluate(change(nil, .nftables)) == nil)
  }
}
