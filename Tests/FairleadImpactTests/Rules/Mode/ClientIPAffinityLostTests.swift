// Tests of MODE-08: ClientIP affinity.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-08: ClientIP affinity is forgotten")
struct ClientIPAffinityLostTests {
  static let affinity: Facts = [.usesSessionAffinity: .bool(true)]

  @Test("It is certain for every change of mode")
  func fires() {
    let modes: [KubeProxyConfig] = [.iptables, .ipvs(), .nftables]
    for before in modes {
      for after in modes where before != after {
        let finding = finding(ClientIPAffinityLost.self, in: change(before, after, Self.affinity))
        #expect(finding?.severity == .medium)
        #expect(finding?.certainty == .will)
      }
    }
  }

  @Test("After a time without kube-proxy, nodes may have lost the affinity already")
  func enabling() {
    let finding = ClientIPAffinityLost.evaluate(change(.disabled, .nftables, Self.affinity, lastMode: .ipvs))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("IPVS ran last") == true)
    #expect(ClientIPAffinityLost.evaluate(change(.disabled, .ipvs(), Self.affinity, lastMode: .ipvs)) == nil)
  }

  @Test("It is silent without affinity or Services, and for the same mode, disabling, and creation")
  func silent() {
    #expect(ClientIPAffinityLost.evaluate(change(.iptables, .nftables, [.usesSessionAffinity: .bool(false)])) == nil)
    #expect(ClientIPAffinityLost.evaluate(change(.iptables, .nftables, [.serviceCount: .count(0)])) == nil)
    #expect(ClientIPAffinityLost.evaluate(change(.ipvs(), .leastConnection, Self.affinity)) == nil)
    #expect(ClientIPAffinityLost.evaluate(change(.empty, .iptables, Self.affinity)) == nil)
    #expect(ClientIPAffinityLost.evaluate(change(.ipvs(), .disabled, Self.affinity)) == nil)
    #expect(ClientIPAffinityLost.evaluate(change(nil, .nftables, Self.affinity)) == nil)
  }

  @Test("With the fact unknown it says so, with a low severity")
  func unknown() {
    let finding = finding(ClientIPAffinityLost.self, in: change(.iptables, .nftables))
    #expect(finding?.severity == .low)
    #expect(finding?.missingFact == .usesSessionAffinity)
    #expect(finding?.remedy.contains("--uses-session-affinity") == true)
  }

  @Test("Its step lists the Services beforehand, unless there are none")
  func steps() {
    #expect(
      words(ClientIPAffinityLost.self, change(.iptables, .nftables, Self.affinity), .before).contains("grep ClientIP"))
    #expect(ClientIPAffinityLost.steps(for: change(.iptables, .nftables)).isEmpty)
  }
}
