// Tests of POL-03: the restart of Calico's Felix.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("POL-03: Calico's Felix restarts when IPVS comes or goes")
struct FelixRestartsTests {
  static let calico: Facts = [.networkPolicy: .word("calico")]

  @Test("Into IPVS it is medium, and certain")
  func fires() {
    let finding = finding(FelixRestarts.self, in: change(.iptables, .ipvs(), Self.calico))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("kube-ipvs0") == true)
  }

  @Test("To IPTABLES Felix restarts only with the reboot of MODE-03, since the interface stays")
  func stays() {
    let finding = finding(FelixRestarts.self, in: change(.ipvs(), .iptables, Self.calico))
    #expect(finding?.detail.contains("only once") == true)
    #expect(finding?.remedy.contains("MODE-03") == true)
  }

  @Test("Between IPVS and NFTABLES it fires with POL-02, which folds it where the engine is unknown")
  func folded() {
    for (before, after) in [(KubeProxyConfig.ipvs(), KubeProxyConfig.nftables), (.nftables, .ipvs())] {
      #expect(finding(FelixRestarts.self, in: change(before, after, Self.calico)) != nil)
      #expect(FelixRestarts.evaluate(change(before, after)) != nil)
      #expect(finding(FelixRestarts.self, in: change(before, after)) == nil)
    }
  }

  @Test("It is silent without Calico, where IPVS stays, between the other modes, and on creation")
  func silent() {
    for policy in ["azure", "cilium", "none"] {
      #expect(FelixRestarts.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word(policy)])) == nil)
    }
    #expect(FelixRestarts.evaluate(change(.ipvs(), .leastConnection, Self.calico)) == nil)
    #expect(FelixRestarts.evaluate(change(.iptables, .nftables, Self.calico)) == nil)
    #expect(FelixRestarts.evaluate(change(.ipvs(), .disabled, Self.calico)) == nil)
    #expect(FelixRestarts.evaluate(change(nil, .ipvs(), Self.calico)) == nil)
  }

  @Test("With the engine unknown it says so, unless the dataplane settles it")
  func unknown() {
    let finding = finding(FelixRestarts.self, in: change(.ipvs(), .iptables))
    #expect(finding?.severity == .low)
    #expect(finding?.missingFact == .networkPolicy)
    #expect(FelixRestarts.evaluate(change(.ipvs(), .iptables, [.networkDataplane: .word("cilium")])) == nil)
  }

  @Test("Its step checks Felix on every node afterwards")
  func steps() {
    #expect(words(FelixRestarts.self, change(.iptables, .ipvs(), Self.calico), .after).contains("calico-node"))
    #expect(FelixRestarts.steps(for: change(.iptables, .ipvs())).isEmpty)
  }
}
