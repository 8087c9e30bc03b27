// Tests of MODE-09: flows of UDP over a restart.

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

  @Test("It fires for every restart with another configuration, also for the timeouts alone")
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

  @Test("Where IPVS stays it says that the IPVS table stays; where IPVS ends MODE-04 folds it")
  func ipvs() {
    #expect(UDPFlowsMove.evaluate(change(.ipvs(), .leastConnection, Self.udp()))?.detail.contains("IPVS table") == true)
    #expect(UDPFlowsMove.evaluate(change(.iptables, .ipvs(), Self.udp()))?.detail.contains("IPVS table") == false)
    #expect(finding(UDPFlowsMove.self, in: change(.ipvs(), .nftables, Self.udp())) == nil)
  }

  @Test("It is silent without UDP or Services, without an effective change, and for enabling, disabling, and creation")
  func silent() {
    #expect(UDPFlowsMove.evaluate(change(.iptables, .nftables, [.usesUdpServices: .bool(false)])) == nil)
    #expect(UDPFlowsMove.evaluate(change(.iptables, .nftables, [.serviceCount: .count(0)])) == nil)
    #expect(UDPFlowsMove.evaluate(change(.empty, .iptables, Self.udp())) == nil)
    #expect(UDPFlowsMove.evaluate(change(.ipvs(), .disabled, Self.udp())) == nil)
    #expect(UDPFlowsMove.evaluate(change(.disabled, .iptables, Self.udp())) == nil)
    #expect(UDPFlowsMove.evaluate(change(nil, .nftables, Self.udp())) == nil)
  }

  @Test("With the fact unknown it says so, with a low severity")
  func unknown() {
    let finding = finding(UDPFlowsMove.self, in: change(.iptables, .nftables))
    #expect(finding?.severity == .low)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .usesUdpServices)
    #expect(
      UDPFlowsMove.evaluate(change(.iptables, .nftables, [.kubernetesVersion: .version(1, 34)]))?.severity == .info)
  }

  @Test("Its step lists the Services beforehand, unless there are none")
  func steps() {
    #expect(words(UDPFlowsMove.self, change(.iptables, .nftables, Self.udp()), .before).contains("grep UDP"))
    #expect(UDPFlowsMove.steps(for: change(.iptables, .nftables)).isEmpty)
  }
}
