// Tests of NP-01: NodePorts in NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NP-01: NFTABLES serves NodePorts on the primary address only")
struct NodePortsOnPrimaryAddressOnlyTests {
  @Test("It fires for a move from both other modes if NodePorts are used")
  func fires() {
    for before in [KubeProxyConfig.iptables, .ipvs()] {
      let finding = finding(
        NodePortsOnPrimaryAddressOnly.self, in: change(before, .nftables, [.usesNodePorts: .bool(true)]))
      #expect(finding?.severity == .high)
      #expect(finding?.certainty == .will)
    }
  }

  @Test("It folds NP-02, and says whether 127.0.0.1 is used")
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

  @Test("From IPVS it does not mention 127.0.0.1, where IPVS never answered")
  func neverThere() {
    let used: Facts = [.usesNodePorts: .bool(true), .usesLocalhostNodePorts: .bool(true)]
    for facts in [[:], used] {
      #expect(
        finding(NodePortsOnPrimaryAddressOnly.self, in: change(.ipvs(), .nftables, facts))?.detail.contains("127.0.0.1")
          == false)
    }
  }

  @Test("NodePorts used on 127.0.0.1 count as used")
  func implied() {
    let finding = NodePortsOnPrimaryAddressOnly.evaluate(
      change(.iptables, .nftables, [.usesLocalhostNodePorts: .bool(true)]))
    #expect(finding?.certainty == .will)
  }

  @Test("With the fact unknown it names the fact, and NP-02 does not ask for its own")
  func unknown() {
    let finding = finding(NodePortsOnPrimaryAddressOnly.self, in: change(.iptables, .nftables))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .medium)
    #expect(finding?.missingFact == .usesNodePorts)
    #expect(finding?.remedy.contains("--uses-node-ports") == true)
    #expect(finding?.folds == ["NP-02"])
  }

  @Test("After a time without kube-proxy it only may happen, since the old rules may be gone")
  func enabling() {
    let move = change(.disabled, .nftables, [.usesNodePorts: .bool(true)], lastMode: .ipvs)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(move)?.certainty == .may)
  }

  @Test("Its steps list the NodePorts and the addresses beforehand")
  func steps() {
    let steps = NodePortsOnPrimaryAddressOnly.steps(for: change(.iptables, .nftables))
    #expect(steps.map(\.phase) == [.before])
    #expect(steps.first?.commands.contains("kubectl get nodes -o wide") == true)
    #expect(steps.first?.rules == ["NP-01"])
  }

  @Test("It is silent if NodePorts are not used, and for the other moves, the same mode, and creation")
  func silent() {
    let used: Facts = [.usesNodePorts: .bool(true)]
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.iptables, .nftables, [.usesNodePorts: .bool(false)])) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.nftables, .iptables, used)) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.iptables, .ipvs(), used)) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(.nftables, .nftables, used)) == nil)
    #expect(NodePortsOnPrimaryAddressOnly.evaluate(change(nil, .nftables, used)) == nil)
  }
}
