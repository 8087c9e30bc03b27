// Tests of NP-03: the host firewall in NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NP-03: kube-proxy opens no host firewall in NFTABLES")
struct HostFirewallNotOpenedTests {
  static func facts(firewall: Bool? = nil, nodePorts: Bool? = nil, localPolicy: Bool? = nil) -> Facts {
    var facts: Facts = [:]
    facts[.hostFirewall] = firewall.map { .bool($0) }
    facts[.usesNodePorts] = nodePorts.map { .bool($0) }
    facts[.usesLocalTrafficPolicy] = localPolicy.map { .bool($0) }
    return facts
  }

  static let ports: [(Bool?, Bool?)] = [(true, nil), (nil, true), (true, true), (false, true)]

  @Test("It fires for a firewall and ports that it may block", arguments: ports)
  func fires(nodePorts: Bool?, localPolicy: Bool?) {
    let facts = Self.facts(firewall: true, nodePorts: nodePorts, localPolicy: localPolicy)
    let finding = finding(HostFirewallNotOpened.self, in: change(.iptables, .nftables, facts))
    #expect(finding?.severity == .high)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("health-check ports of the Services") == (nodePorts != true))
  }

  @Test("With the firewall unknown it names the fact")
  func unknownFirewall() {
    let finding = finding(HostFirewallNotOpened.self, in: change(.iptables, .nftables))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .low)
    #expect(finding?.missingFact == .hostFirewall)
    #expect(finding?.remedy.contains("--host-firewall") == true)
  }

  @Test("With a firewall and unknown ports it names the fact")
  func unknownPorts() {
    let open = HostFirewallNotOpened.evaluate(change(.iptables, .nftables, Self.facts(firewall: true)))
    #expect(open?.severity == .medium)
    #expect(open?.missingFact == .usesNodePorts)
    let half = HostFirewallNotOpened.evaluate(
      change(.iptables, .nftables, Self.facts(firewall: true, nodePorts: false)))
    #expect(half?.missingFact == .usesLocalTrafficPolicy)
  }

  @Test("Its step lists and opens the ports beforehand")
  func steps() {
    let steps = HostFirewallNotOpened.steps(for: change(.iptables, .nftables))
    #expect(steps.map(\.phase) == [.before])
    #expect(steps.first?.text.contains("30000-32767") == true)
  }

  @Test("It is silent without a firewall or ports, and for the other moves, the same mode, and creation")
  func silent() {
    let bad = Self.facts(firewall: true, nodePorts: true)
    #expect(
      HostFirewallNotOpened.evaluate(change(.iptables, .nftables, Self.facts(firewall: false, nodePorts: true))) == nil)
    let noPorts = Self.facts(firewall: true, nodePorts: false, localPolicy: false)
    #expect(HostFirewallNotOpened.evaluate(change(.iptables, .nftables, noPorts)) == nil)
    #expect(HostFirewallNotOpened.evaluate(change(.ipvs(), .nftables, bad)) == nil)
    #expect(HostFirewallNotOpened.evaluate(change(.iptables, .ipvs(), bad)) == nil)
    #expect(HostFirewallNotOpened.evaluate(change(.empty, .iptables, bad)) == nil)
    #expect(HostFirewallNotOpened.evaluate(change(nil, .nftables, bad)) == nil)
  }
}
