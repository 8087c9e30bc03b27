// POL-04: an enabled kube-proxy beside the Cilium dataplane.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("POL-04: the Cilium dataplane takes no enabled kube-proxy")
struct KubeProxyBesideCiliumTests {
  static let cilium: Facts = [.networkDataplane: .word("cilium")]

  @Test("Any document that keeps kube-proxy enabled is blocked, on creation too")
  func blocks() {
    for document in [KubeProxyConfig.iptables, .nftables, .ipvs(), KubeProxyConfig(enabled: true)] {
      #expect(finding(KubeProxyBesideCilium.self, in: change(nil, document, Self.cilium))?.severity == .blocked)
      #expect(finding(KubeProxyBesideCilium.self, in: change(.disabled, document, Self.cilium))?.severity == .blocked)
    }
  }

  @Test("The empty document and a disabled kube-proxy are let through")
  func silent() {
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .empty, Self.cilium)) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .disabled, Self.cilium)) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkDataplane: .word("azure")])) == nil)
  }

  @Test("An unknown dataplane is a remark")
  func unknown() {
    let finding = KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs()))
    #expect(finding?.severity == .info)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .networkDataplane)
  }

  @Test("An unknown dataplane is a warning where the network policy engine is cilium, and still no block")
  func likely() {
    #expect(
      KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word("cilium")]))?.severity == .medium
    )
  }

  @Test("A plugin or an engine that the Cilium dataplane does not go with settles the question")
  func settled() {
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPlugin: .word("none")])) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPlugin: .word("kubenet")])) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word("azure")])) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word("calico")])) == nil)
  }
}
