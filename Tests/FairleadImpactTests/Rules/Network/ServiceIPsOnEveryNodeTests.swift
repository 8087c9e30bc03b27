// Tests of NET-03: Service IPs on the nodes in IPVS.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NET-03: IPVS makes every Service IP an address of every node")
struct ServiceIPsOnEveryNodeTests {
  @Test("It fires wherever IPVS is new to the nodes; no fact decides it")
  func fires() {
    for move in [
      change(.iptables, .ipvs()), change(.nftables, .ipvs()), change(.disabled, .ipvs()),
      change(.disabled, .ipvs(), lastMode: .iptables),
    ] {
      let finding = finding(ServiceIPsOnEveryNode.self, in: move)
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("strictARP") == true)
    }
  }

  @Test("It has the number of Services if that is known and not zero")
  func count() {
    func detail(_ services: Int) -> String? {
      ServiceIPsOnEveryNode.evaluate(change(.iptables, .ipvs(), [.serviceCount: .count(services)]))?.detail
    }
    #expect(detail(40)?.contains("the IPs of 40 Services") == true)
    #expect(detail(0)?.contains("every Service IP") == true)
  }

  @Test("It is silent where IPVS runs already, and for the other moves and creation")
  func silent() {
    #expect(ServiceIPsOnEveryNode.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(ServiceIPsOnEveryNode.evaluate(change(.disabled, .ipvs(), lastMode: .ipvs)) == nil)
    #expect(ServiceIPsOnEveryNode.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(ServiceIPsOnEveryNode.evaluate(change(nil, .ipvs())) == nil)
  }
}
