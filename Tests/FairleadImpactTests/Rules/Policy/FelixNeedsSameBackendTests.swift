// Tests of POL-02: the backend of Calico's Felix.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("POL-02: Calico's Felix must use kube-proxy's backend")
struct FelixNeedsSameBackendTests {
  static let calico: Facts = [.networkPolicy: .word("calico")]

  static func calico(_ plugin: String, _ minor: Int) -> Facts {
    [
      .networkPolicy: .word("calico"), .networkPlugin: .word(plugin), .kubernetesVersion: .version(1, minor),
    ]
  }

  @Test("Into NFTABLES and out of it, it is high and names the backend")
  func fires() {
    let moves: [(KubeProxyConfig, KubeProxyConfig, String)] = [
      (.iptables, .nftables, "Nftables"), (.ipvs(), .nftables, "Nftables"), (.nftables, .iptables, "Iptables"),
      (.nftables, .ipvs(), "Iptables"), (.disabled, .nftables, "Nftables"),
    ]
    for (before, after, backend) in moves {
      let finding = finding(FelixNeedsSameBackend.self, in: change(before, after, Self.calico))
      #expect(finding?.severity == .high)
      #expect(finding?.certainty == .may)
      #expect(finding?.detail.contains("\(backend) rules") == true)
      #expect(finding?.remedy.contains("linuxDataplane to \(backend)") == true)
    }
  }

  @Test("AKS sets a Calico that it manages for a move into NFTABLES; for a move out that is not documented")
  func managed() {
    for plugin in ["azure", "kubenet"] {
      let there = finding(FelixNeedsSameBackend.self, in: change(.iptables, .nftables, Self.calico(plugin, 34)))
      #expect(there?.severity == .medium)
      #expect(there?.detail.contains("AKS manages this Calico") == true)
      #expect(
        finding(FelixNeedsSameBackend.self, in: change(.nftables, .iptables, Self.calico(plugin, 34)))?.severity
          == .high)
    }
    #expect(
      finding(FelixNeedsSameBackend.self, in: change(.iptables, .nftables, Self.calico("none", 34)))?.severity == .high)
  }

  @Test("With the engine unknown it folds POL-03, which needs the same fact; with Calico both fire")
  func folding() {
    let plugin: Facts = [.networkPlugin: .word("azure")]
    let unknown = finding(FelixNeedsSameBackend.self, in: change(.ipvs(), .nftables, plugin))
    #expect(unknown?.folds == ["POL-03"])
    #expect(unknown?.detail.contains("kube-ipvs0") == true)
    #expect(finding(FelixNeedsSameBackend.self, in: change(.ipvs(), .nftables, Self.calico))?.folds == [])
    #expect(FelixNeedsSameBackend.evaluate(change(.iptables, .nftables))?.detail.contains("kube-ipvs0") == false)
  }

  @Test("It is silent between IPTABLES and IPVS, without Calico, below 1.33, and on creation")
  func silent() {
    #expect(FelixNeedsSameBackend.evaluate(change(.iptables, .ipvs(), Self.calico)) == nil)
    #expect(FelixNeedsSameBackend.evaluate(change(.ipvs(), .leastConnection, Self.calico)) == nil)
    #expect(FelixNeedsSameBackend.evaluate(change(.nftables, .disabled, Self.calico)) == nil)
    #expect(FelixNeedsSameBackend.evaluate(change(.disabled, .nftables, Self.calico, lastMode: .nftables)) == nil)
    for policy in ["azure", "cilium", "none"] {
      #expect(FelixNeedsSameBackend.evaluate(change(.iptables, .nftables, [.networkPolicy: .word(policy)])) == nil)
    }
    #expect(FelixNeedsSameBackend.evaluate(change(.iptables, .nftables, Self.calico("azure", 32))) == nil)
    #expect(FelixNeedsSameBackend.evaluate(change(nil, .nftables, Self.calico)) == nil)
  }

  @Test("With the engine unknown it says so, unless the dataplane settles it")
  func unknown() {
    let finding = finding(FelixNeedsSameBackend.self, in: change(.iptables, .nftables))
    #expect(finding?.severity == .medium)
    #expect(finding?.missingFact == .networkPolicy)
    #expect(FelixNeedsSameBackend.evaluate(change(.iptables, .nftables, [.networkDataplane: .word("cilium")])) == nil)
  }

  @Test("Its step sets a self-managed Calico beforehand, and only checks one that AKS manages")
  func steps() {
    let own = change(.iptables, .nftables, Self.calico("none", 34))
    #expect(
      words(FelixNeedsSameBackend.self, own, .before).contains(
        #"kubectl patch installation default --type=merge -p '{"spec":{"calicoNetwork":{"linuxDataplane":"Nftables"}}}'"#
      ))
    let managed = change(.iptables, .nftables, Self.calico("azure", 34))
    #expect(words(FelixNeedsSameBackend.self, managed, .before) == "")
    #expect(words(FelixNeedsSameBackend.self, managed, .after).contains("kubectl get installation default"))
    #expect(FelixNeedsSameBackend.steps(for: change(.iptables, .nftables)).isEmpty)
  }
}
