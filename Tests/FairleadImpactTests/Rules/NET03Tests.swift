// NET-03: Service IPs on the nodes in IPVS.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NET-03: IPVS makes every Service IP an address of every node")
struct NET03Tests {
  @Test("Wherever IPVS is new to the nodes; no fact decides it")
  func fires() {
    for move in [
      change(.iptables, .ipvs()), change(.nftables, .ipvs()), change(.disabled, .ipvs()),
      change(.disabled, .ipvs(), lastMode: .iptables),
    ] {
      let finding = finding(NET03.self, in: move)
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("strictARP") == true)
    }
  }

  @Test("It counts the Services where they are known, and there are any")
  func count() {
    func detail(_ services: Int) -> String? {
      NET03.evaluate(change(.iptables, .ipvs(), [.serviceCount: .count(services)]))?.detail
    }
    #expect(detail(40)?.contains("the IPs of 40 Services") == true)
    #expect(detail(0)?.contains("every Service IP") == true)
  }

  @Test("IPVS that is there already, the other moves, and creation are silent")
  func silent() {
    #expect(NET03.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(NET03.evaluate(change(.disabled, .ipvs(), lastMode: .ipvs)) == nil)
    #expect(NET03.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(NET03.evaluate(change(nil, .ipvs())) == nil)
  }
}
