// Tests of NP-02: NodePorts on 127.0.0.1.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NP-02: only IPTABLES serves NodePorts on 127.0.0.1")
struct LocalhostNodePortsStopTests {
  static let used: Facts = [.usesLocalhostNodePorts: .bool(true)]

  @Test("For a move into IPVS it is not folded; for one into NFTABLES NP-01 folds it")
  func fires() {
    let ipvs = finding(LocalhostNodePortsStop.self, in: change(.iptables, .ipvs(), Self.used))
    #expect(ipvs?.severity == .high)
    #expect(ipvs?.certainty == .will)
    #expect(ipvs?.detail.contains("IPVS does not") == true)
    #expect(LocalhostNodePortsStop.evaluate(change(.iptables, .nftables, Self.used))?.severity == .high)
    #expect(finding(LocalhostNodePortsStop.self, in: change(.iptables, .nftables, Self.used)) == nil)
  }

  @Test("It fires although other facts contradict it")
  func contradiction() {
    let facts = Self.used.merging([.usesNodePorts: .bool(false)]) { $1 }
    #expect(finding(LocalhostNodePortsStop.self, in: change(.iptables, .nftables, facts))?.severity == .high)
  }

  @Test("With the fact unknown it names the fact, unless nothing uses NodePorts at all")
  func unknown() {
    let finding = LocalhostNodePortsStop.evaluate(change(.iptables, .ipvs()))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .medium)
    #expect(finding?.missingFact == .usesLocalhostNodePorts)
    #expect(finding?.remedy.contains("--uses-localhost-node-ports") == true)
    #expect(LocalhostNodePortsStop.evaluate(change(.iptables, .ipvs(), [.usesNodePorts: .bool(false)])) == nil)
  }

  @Test("Its step reads kube-proxy's metric beforehand, unless kube-proxy is disabled")
  func steps() {
    let step = LocalhostNodePortsStop.steps(for: change(.iptables, .ipvs())).first
    #expect(step?.phase == .before)
    #expect(step?.commands.first?.contains("localhost_nodeports_accepted_packets_total") == true)
    #expect(LocalhostNodePortsStop.steps(for: change(.disabled, .ipvs(), lastMode: .iptables)) == [])
  }

  @Test("It is silent if nothing uses 127.0.0.1, and for the other moves, the same mode, and creation")
  func silent() {
    #expect(LocalhostNodePortsStop.evaluate(change(.iptables, .ipvs(), [.usesLocalhostNodePorts: .bool(false)])) == nil)
    #expect(LocalhostNodePortsStop.evaluate(change(.ipvs(), .nftables, Self.used)) == nil)
    #expect(LocalhostNodePortsStop.evaluate(change(.nftables, .iptables, Self.used)) == nil)
    #expect(LocalhostNodePortsStop.evaluate(change(.empty, .iptables, Self.used)) == nil)
    #expect(LocalhostNodePortsStop.evaluate(change(nil, .ipvs(), Self.used)) == nil)
  }
}
