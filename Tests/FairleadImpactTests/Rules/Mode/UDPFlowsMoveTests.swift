// MODE-09: flows of UDP over a restart.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-09: UDP flows may move to other pods")
struct UDPFlowsMoveTests {
  static func udp(_ minor: Int? = nil) -> Facts {
    var facts: Facts = [.usesUdpServices: .bool(true)]
    facts[.kubernetesVersion] = minor.map { .version(1, $0) }
    return facts
  }

  @Test("Every restart into another configuration fires it, also one for the timeouts alone")
  func fires() {
    let moves: [(KubeProxyConfig, KubeProxyConfig)] = [
      (.iptables, .nftables), (.ipvs(), .ipvs(nil, [.udp: 60])), (.ipvs(), .leastConnection),
    ]
    for (before, after) in moves {
      let finding = finding(UDPFlowsMove.self, in: change(before, after, Self.udp(31)))
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .may)
      #expect(finding?.detail.contains("Kubernetes 1.31") == true)
    }
  }

  @Test("From 1.32 on it is low, and an unknown version counts as an older one")
  func versions() {
    #expect(UDPFlowsMove.evaluate(change(.iptables, .nftables, Self.udp(32)))?.severity == .low)
    #expect(UDPFlowsMove.evaluate(change(.iptables, .nftables, Self.udp(7)))?.severity == .medium)
    let bare = UDPFlowsMove.evaluate(change(.iptables, .nftables, Self.udp()))
    #expect(bare?.severity == .medium)
    #expect(bare?.detail.contains("version is not recorded") == true)
  }

  @Test("Where IPVS stays it says that the IPVS table stays; where IPVS ends MODE-04 speaks for it")
  func ipvs() {
    #expect(UDPFlowsMove.evaluate(change(.ipvs(), .leastConnection, Self.udp()))?.detail.contains("IPVS table") == true)
    #expect(UDPFlowsMove.evaluate(change(.iptables, .ipvs(), Self.udp()))?.detail.contains("IPVS table") == false)
    #expect(finding(UDPFlowsMove.self, in: change(.ipvs(), .nftables, Self.udp())) == nil)
  }

  @Test("No UDP, no Services, a text without effect, enabling, disabling, and creation are silent")
  func silent() {
    #expect(UDPFlowsMove.evaluate(change(.iptables, .nftables, [.usesUdpServices: .bool(false)])) == nil)
    #expect(UDPFlowsMove.evaluate(change(.iptables, .nftables, [.serviceCount: .count(0)])) == nil)
    #expect(UDPFlowsMove.evaluate(change(.empty, .iptables, Self.udp())) == nil)
    #expect(UDPFlowsMove.evaluate(change(.ipvs(), .disabled, Self.udp())) == nil)
    #expect(UDPFlowsMove.evaluate(change(.disabled, .iptables, Self.udp())) == nil)
    #expect(UDPFlowsMove.evaluate(change(nil, .nftables, Self.udp())) == nil)
  }

  @Test("With the fact unknown it says so, quietly")
  func unknown() {
    let finding = finding(UDPFlowsMove.self, in: change(.iptables, .nftables))
    #expect(finding?.severity == .low)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .usesUdpServices)
    #expect(
      UDPFlowsMove.evaluate(change(.iptables, .nftables, [.kubernetesVersion: .version(1, 34)]))?.severity == .info)
  }

  @Test("The Services are listed beforehand, where there are any")
  func steps() {
    #expect(words(UDPFlowsMove.self, change(.iptables, .nftables, Self.udp()), .before).contains("grep UDP"))
    #expect(UDPFlowsMove.steps(for: change(.iptables, .nftables)).isEmpty)
  }
}
