// POL-03: the restart of Calico's Felix.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("POL-03: Calico's Felix restarts when IPVS comes or goes")
struct POL03Tests {
  static let calico: Facts = [.networkPolicy: .word("calico")]

  @Test("Into IPVS it is medium, and certain")
  func fires() {
    let finding = finding(POL03.self, in: change(.iptables, .ipvs(), Self.calico))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("kube-ipvs0") == true)
  }

  @Test("To IPTABLES it waits for the reboot that MODE-03 asks for, since the interface stays")
  func stays() {
    let finding = finding(POL03.self, in: change(.ipvs(), .iptables, Self.calico))
    #expect(finding?.detail.contains("only once") == true)
    #expect(finding?.remedy.contains("MODE-03") == true)
  }

  @Test("Between IPVS and NFTABLES it stands beside POL-02, and is POL-02's where the engine is unknown")
  func folded() {
    for (before, after) in [(KubeProxyConfig.ipvs(), KubeProxyConfig.nftables), (.nftables, .ipvs())] {
      #expect(finding(POL03.self, in: change(before, after, Self.calico)) != nil)
      #expect(POL03.evaluate(change(before, after)) != nil)
      #expect(finding(POL03.self, in: change(before, after)) == nil)
    }
  }

  @Test("Without Calico, where IPVS stays, between the other modes, and on creation it is silent")
  func silent() {
    for policy in ["azure", "cilium", "none"] {
      #expect(POL03.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word(policy)])) == nil)
    }
    #expect(POL03.evaluate(change(.ipvs(), .leastConnection, Self.calico)) == nil)
    #expect(POL03.evaluate(change(.iptables, .nftables, Self.calico)) == nil)
    #expect(POL03.evaluate(change(.ipvs(), .disabled, Self.calico)) == nil)
    #expect(POL03.evaluate(change(nil, .ipvs(), Self.calico)) == nil)
  }

  @Test("With the engine unknown it says so, unless the dataplane settles it")
  func unknown() {
    let finding = finding(POL03.self, in: change(.ipvs(), .iptables))
    #expect(finding?.severity == .low)
    #expect(finding?.missingFact == .networkPolicy)
    #expect(POL03.evaluate(change(.ipvs(), .iptables, [.networkDataplane: .word("cilium")])) == nil)
  }

  @Test("Afterwards Felix is looked at on every node")
  func steps() {
    #expect(words(POL03.self, change(.iptables, .ipvs(), Self.calico), .after).contains("calico-node"))
    #expect(POL03.steps(for: change(.iptables, .ipvs())).isEmpty)
  }
}
