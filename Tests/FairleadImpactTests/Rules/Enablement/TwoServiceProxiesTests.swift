// Tests of ENB-02: enabling kube-proxy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENB-02: enabling kube-proxy beside another proxy")
struct TwoServiceProxiesTests {
  @Test("It is high, and certain only where the dataplane is known to serve Services")
  func fires() {
    let cilium = finding(TwoServiceProxies.self, in: change(.disabled, .iptables, [.networkDataplane: .word("cilium")]))
    #expect(cilium?.severity == .high)
    #expect(cilium?.certainty == .will)
    let azure = finding(TwoServiceProxies.self, in: change(.disabled, .iptables, [.networkDataplane: .word("azure")]))
    #expect(azure?.severity == .high)
    #expect(azure?.certainty == .may)
    #expect(azure?.detail.contains("dataplane is azure") == true)
  }

  @Test("With the dataplane unknown it says so")
  func unknown() {
    let finding = TwoServiceProxies.evaluate(change(.disabled, .empty))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("dataplane is not recorded") == true)
  }

  @Test("It distinguishes rules of the last run in another mode from those in the same mode")
  func lastRun() {
    #expect(
      TwoServiceProxies.evaluate(change(.disabled, .ipvs(), lastMode: .ipvs))?.detail.contains("same mode") == true)
    #expect(
      TwoServiceProxies.evaluate(change(.disabled, .ipvs(), lastMode: .nftables))?.detail.contains("in NFTABLES")
        == true)
    #expect(TwoServiceProxies.evaluate(change(.disabled, .ipvs()))?.detail.contains("last run") == false)
  }

  @Test("It is silent for a kube-proxy that was enabled before, and for creation")
  func silent() {
    #expect(TwoServiceProxies.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(TwoServiceProxies.evaluate(change(nil, .iptables)) == nil)
  }

  @Test("Its steps turn the other proxy off, and reboot the nodes, before kube-proxy starts")
  func steps() {
    let text = words(TwoServiceProxies.self, change(.disabled, .iptables), .before)
    #expect(text.contains("kubectl get daemonsets -A"))
    #expect(text.contains("kubectl drain NODE"))
    #expect(words(TwoServiceProxies.self, change(.disabled, .iptables), .after) == "")
  }
}
