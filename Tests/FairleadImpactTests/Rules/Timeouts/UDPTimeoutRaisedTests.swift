// Tests of TMO-07: a longer UDP timeout.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-07: a longer UDP timeout of IPVS")
struct UDPTimeoutRaisedTests {
  static let udp: Facts = [.usesUdpServices: .bool(true)]

  @Test("A raise is certain from a set value, and may be one from the kernel's default")
  func fires() {
    let raised = finding(UDPTimeoutRaised.self, in: change(.ipvs(nil, [.udp: 30]), .ipvs(nil, [.udp: 60]), Self.udp))
    #expect(raised?.severity == .medium)
    #expect(raised?.certainty == .will)
    #expect(raised?.detail.contains("from 30 s to 60 s") == true)
    #expect(UDPTimeoutRaised.evaluate(change(.ipvs(), .ipvs(nil, [.udp: 301]), Self.udp))?.certainty == .may)
  }

  @Test("For a move into IPVS it compares with the kernel's default")
  func starting() {
    #expect(UDPTimeoutRaised.evaluate(change(.iptables, .ipvs(nil, [.udp: 301]), Self.udp))?.certainty == .will)
    #expect(UDPTimeoutRaised.evaluate(change(.iptables, .ipvs(nil, [.udp: 300]), Self.udp)) == nil)
    #expect(UDPTimeoutRaised.evaluate(change(.iptables, .ipvs(), Self.udp)) == nil)
  }

  @Test("It fires only if a Service uses UDP, and names that fact where it is unknown")
  func unknown() {
    let finding = finding(UDPTimeoutRaised.self, in: change(.ipvs(nil, [.udp: 30]), .ipvs(nil, [.udp: 60])))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .medium)
    #expect(finding?.missingFact == .usesUdpServices)
    #expect(finding?.remedy.contains("--uses-udp-services") == true)
    let none: Facts = [.usesUdpServices: .bool(false)]
    #expect(UDPTimeoutRaised.evaluate(change(.ipvs(nil, [.udp: 30]), .ipvs(nil, [.udp: 60]), none)) == nil)
  }

  @Test("It is silent for a decrease above the default, the same value, a removal, a move out of IPVS, and creation")
  func silent() {
    let before = KubeProxyConfig.ipvs(nil, [.udp: 600])
    #expect(UDPTimeoutRaised.evaluate(change(before, .ipvs(nil, [.udp: 400]), Self.udp)) == nil)
    #expect(UDPTimeoutRaised.evaluate(change(before, .ipvs(.leastConnection, [.udp: 600]), Self.udp)) == nil)
    #expect(UDPTimeoutRaised.evaluate(change(before, .ipvs(), Self.udp)) == nil)
    #expect(UDPTimeoutRaised.evaluate(change(before, .nftables, Self.udp)) == nil)
    #expect(UDPTimeoutRaised.evaluate(change(nil, before, Self.udp)) == nil)
  }
}
