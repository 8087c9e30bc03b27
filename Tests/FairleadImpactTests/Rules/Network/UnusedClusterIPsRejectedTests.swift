// NET-02: unused ClusterIPs in NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NET-02: NFTABLES answers for ClusterIPs that nobody serves")
struct UnusedClusterIPsRejectedTests {
  @Test("Into NFTABLES it is a remark; no fact decides it")
  func fires() {
    for before in [KubeProxyConfig.iptables, .ipvs()] {
      let finding = finding(UnusedClusterIPsRejected.self, in: change(before, .nftables))
      #expect(finding?.severity == .info)
      #expect(finding?.certainty == .will)
    }
  }

  @Test("The other moves, no move, and creation are silent")
  func silent() {
    #expect(UnusedClusterIPsRejected.evaluate(change(.nftables, .iptables)) == nil)
    #expect(UnusedClusterIPsRejected.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(UnusedClusterIPsRejected.evaluate(change(.nftables, .nftables)) == nil)
    #expect(UnusedClusterIPsRejected.evaluate(change(nil, .nftables)) == nil)
  }
}
