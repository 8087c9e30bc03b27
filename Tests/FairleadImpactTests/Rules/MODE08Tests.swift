// MODE-08: ClientIP affinity.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-08: ClientIP affinity is forgotten")
struct MODE08Tests {
  static let affinity: Facts = [.usesSessionAffinity: .bool(true)]

  @Test("Every change of mode forgets it, for certain")
  func fires() {
    let modes: [KubeProxyConfig] = [.iptables, .ipvs(), .nftables]
    for before in modes {
      for after in modes where before != after {
        let finding = finding(MODE08.self, in: change(before, after, Self.affinity))
        #expect(finding?.severity == .medium)
        #expect(finding?.certainty == .will)
      }
    }
  }

  @Test("After a time without kube-proxy, nodes may have forgotten it already")
  func enabling() {
    let finding = MODE08.evaluate(change(.disabled, .nftables, Self.affinity, lastMode: .ipvs))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("IPVS ran last") == true)
    #expect(MODE08.evaluate(change(.disabled, .ipvs(), Self.affinity, lastMode: .ipvs)) == nil)
  }

  @Test("No affinity, no Services, the same mode, disabling, and creation are silent")
  func silent() {
    #expect(MODE08.evaluate(change(.iptables, .nftables, [.usesSessionAffinity: .bool(false)])) == nil)
    #expect(MODE08.evaluate(change(.iptables, .nftables, [.serviceCount: .count(0)])) == nil)
    #expect(MODE08.evaluate(change(.ipvs(), .leastConnection, Self.affinity)) == nil)
    #expect(MODE08.evaluate(change(.empty, .iptables, Self.affinity)) == nil)
    #expect(MODE08.evaluate(change(.ipvs(), .disabled, Self.affinity)) == nil)
    #expect(MODE08.evaluate(change(nil, .nftables, Self.affinity)) == nil)
  }

  @Test("With the fact unknown it says so, quietly")
  func unknown() {
    let finding = finding(MODE08.self, in: change(.iptables, .nftables))
    #expect(finding?.severity == .low)
    #expect(finding?.missingFact == .usesSessionAffinity)
    #expect(finding?.remedy.contains("--uses-session-affinity") == true)
  }

  @Test("The Services are listed beforehand, where there are any")
  func steps() {
    #expect(words(MODE08.self, change(.iptables, .nftables, Self.affinity), .before).contains("grep ClientIP"))
    #expect(MODE08.steps(for: change(.iptables, .nftables)).isEmpty)
  }
}
