// Tests of POL-01: IPVS with Azure Network Policy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("POL-01: IPVS does not go with Azure Network Policy")
struct IPVSWithAzureNetworkPolicyTests {
  @Test("Azure Network Policy blocks IPVS, also on creation")
  func blocks() {
    for before in [nil, KubeProxyConfig.iptables] {
      let finding = finding(
        IPVSWithAzureNetworkPolicy.self, in: change(before, .ipvs(), [.networkPolicy: .word("azure")]))
      #expect(finding?.severity == .blocked)
      #expect(finding?.certainty == .will)
      #expect(finding?.verify.contains("-g rg -n prod") == true)
    }
  }

  @Test("It is silent for another engine, none, and another mode", arguments: ["calico", "cilium", "none"])
  func silent(policy: String) {
    #expect(IPVSWithAzureNetworkPolicy.evaluate(change(.iptables, .ipvs(), [.networkPolicy: .word(policy)])) == nil)
    #expect(IPVSWithAzureNetworkPolicy.evaluate(change(.iptables, .nftables, [.networkPolicy: .word("azure")])) == nil)
  }

  @Test("With the engine unknown it says so, and does not block")
  func unknown() {
    let finding = IPVSWithAzureNetworkPolicy.evaluate(change(.iptables, .ipvs(), [.networkPlugin: .word("azure")]))
    #expect(finding?.severity == .medium)
    #expect(finding?.missingFact == .networkPolicy)
  }

  @Test("It is silent for a plugin or a dataplane that excludes Azure Network Policy")
  func settled() {
    #expect(IPVSWithAzureNetworkPolicy.evaluate(change(.iptables, .ipvs(), [.networkPlugin: .word("none")])) == nil)
    #expect(IPVSWithAzureNetworkPolicy.evaluate(change(.iptables, .ipvs(), [.networkPlugin: .word("kubenet")])) == nil)
    #expect(
      IPVSWithAzureNetworkPolicy.evaluate(change(.iptables, .ipvs(), [.networkDataplane: .word("cilium")])) == nil)
  }

  @Test("With the engine unknown it folds POL-03 too; where it blocks, POL-03 does not fire")
  func folding() {
    let unknown = finding(IPVSWithAzureNetworkPolicy.self, in: change(.iptables, .ipvs()))
    #expect(unknown?.folds == ["POL-03"])
    #expect(unknown?.detail.contains("Calico, Felix has to follow the change (POL-03)") == true)
    #expect(
      finding(IPVSWithAzureNetworkPolicy.self, in: change(.ipvs(), .leastConnection))?.detail.contains("Calico")
        == false)
    #expect(
      finding(IPVSWithAzureNetworkPolicy.self, in: change(.iptables, .ipvs(), [.networkPolicy: .word("azure")]))?.folds
        == [])
    #expect(finding(IPVSWithAzureNetworkPolicy.self, in: change(nil, .ipvs()))?.detail.contains("Calico") == false)
  }
}
