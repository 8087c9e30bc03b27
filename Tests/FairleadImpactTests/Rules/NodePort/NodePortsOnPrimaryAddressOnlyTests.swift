// NP-01: NodePorts in NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NP-01: NFTABLES serves NodePorts on the primary address only")
struct NodePortsOnPrimaryAddressOnlyTests {
  @Test("From both other modes, where NodePorts are used")
  func fires() {
    for before in [KubeProxyConfig.iptables, .ipvs()] {
      let finding = finding(
        NodePortsOnPrimaryAddressOnly.self, in: change(before, .nftables, [.usesNodePorts: .bool(true)]))
      #expect(finding?.severity == .high)
      #expect(finding?.certainty == .will)
    }
  }

  @Test("It speaks for 127.0.0.1, and says what is known of it")
  func localhost() {
    let facts: Facts = [.usesNodePorts: .bool(true), .usesLocalhostNodePorts: .bool(true)]
    let both = finding(NodePortsOnPrimaryAddressOnly.self, in: change(.iptables, .nftables, facts))
    #expect(both?.folds == ["NP-02"])
    #expect(both?.detail.contains("127.0.0.1 is recorded as used.") == true)
    let open = finding(
      NodePortsOnPrimaryAddressOnly.self, in: change(.iptables, .nftables, [.usesNodePorts: .bool(true)]))
    #expect(open?.folds == ["NP-02"])
    #expect(open?.detail.contains("not recorded (--uses-localhost-node-ports)") == true)
  }

  @Test("IPVS never answered on 127.0.0.1, so nothing is lost there")
  func neverThere() {
    let used: Facts = [.usesNodePorts: .bool(true), .usesLocalhostNodePorts: .bool(true)]
    for facts in [[:], used] {
      #expect(
        finding(NodePortsOnPrimaryAddressOnly.self, in: change(.ipvs(), .nftables, facts))?.detail.contains("127.0.0.1")
          == false)
    }
  }

  @Test("What is used on 127.0.0.1 is used")
  func implied() {
    let finding = NodePortsOnPrimaryAddressOnly.evaluate(
      change(.iptables, .nftables, [.usesLocalhostNodePorts: .bool(true)]))
    #expect(finding?.certainty == .will)
  }

  @Test("With the use unknown it cannot be verified, and one finding says so")
  func unknown() {
    let finding = finding(NodePortsOnPrimaryAddressOnly.self, in: change(.iptables, .nftables))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .medium)
    #expect(finding?.missingFact == .usesNodePorts)
    #expect(finding?.remedy.contains("--uses-node-ports") == true)
    #expect(finding?.folds == ["NP-02"])
  }

  @Test("After a time without kube-proxy the old rules only may be there")
  func enabling() {
    let move = change(.disabled, .nftables, [.usesNodePorts: .bool(true)], lastMode: .ipvs)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(move)?.certainty == .may)
  }

  @Test("The NodePorts and the addresses are looked up first")
  func steps() {
    let steps = NodePortsOnPrimaryAddressOnly.steps(for: change(.iptables, .nftables))
    #expect(steps.map(\.phase) == [.before])
    #expect(steps.first?.commands.contains("kubectl get nodes -o wide") == true)
    #expect(steps.first?.rules == ["NP-01"])
  }

  @Test("NodePorts that nobody uses, the other moves, no move, and creation are silent")
  func silent() {
    let used: Facts = [.usesNodePorts: .bool(true)]
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.iptables, .nftables, [.usesNodePorts: .bool(false)])) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.nftables, .iptables, used)) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.iptables, .ipvs(), used)) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.nftables, .nftables, used)) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(nil, .nftables, used)) == nil)
  }
}
