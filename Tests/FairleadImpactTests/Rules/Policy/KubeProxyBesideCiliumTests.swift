// Tests of POL-04: an enabled kube-proxy beside the Cilium dataplane.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("POL-04: the Cilium dataplane takes no enabled kube-proxy")
struct KubeProxyBesideCiliumTests {
  static let cilium: Facts = [.networkDataplane: .word("cilium")]

  @Test("Any document with kube-proxy enabled is blocked, also on creation")
  func blocks() {
    for document in [KubeProxyConfig.iptables, .nftables, .ipvs(), KubeProxyConfig(enabled: true)] {
      #expect(finding(KubeProxyBesideCilium.self, in: change(nil, document, Self.cilium))?.severity == .blocked)
      #expect(finding(KubeProxyBesideCilium.self, in: change(.disabled, document, Self.cilium))?.severity == .blocked)
    }
  }

  @Test("It is silent for the empty document and a disabled kube-proxy")
  func silent() {
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .empty, Self.cilium)) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .disabled, Self.cilium)) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkDataplane: .word("azure")])) == nil)
  }

  @Test("With the dataplane unknown it names the fact")
  func unknown() {
    let finding = KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs()))
    #expect(finding?.severity == .info)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .networkDataplane)
  }

  @Test("With the dataplane unknown it has a higher severity where the policy engine is cilium, and does not block")
  func likely() {
    #expect(
      KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word("cilium")]))?.severity == .medium
    )
  }

  @Test("It is silent for a plugin or an engine that excludes the Cilium dataplane")
  func settled() {
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPlugin: .word("none")])) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPlugin: .word("kubenet")])) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word("azure")])) == nil)
    #expect(KubeProxyBesideCilium.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word("calico")])) == nil)
  }
}
