// Tests of ENV-05: IPVS below Kubernetes 1.22.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENV-05: IPVS needs Kubernetes 1.22")
struct IPVSOnOldKubernetesTests {
  @Test("Below 1.22 it blocks, also on creation")
  func blocks() {
    for before in [nil, KubeProxyConfig.iptables] {
      let finding = finding(
        IPVSOnOldKubernetes.self, in: change(before, .ipvs(), [.kubernetesVersion: .version(1, 21)]))
      #expect(finding?.severity == .blocked)
      #expect(finding?.detail.contains("Kubernetes 1.21") == true)
    }
  }

  @Test("It is silent from 1.22 on, and for the other modes")
  func silent() {
    #expect(IPVSOnOldKubernetes.evaluate(change(.iptables, .ipvs(), [.kubernetesVersion: .version(1, 22)])) == nil)
    #expect(IPVSOnOldKubernetes.evaluate(change(.ipvs(), .iptables, [.kubernetesVersion: .version(1, 21)])) == nil)
  }

  @Test("With the version unknown it has a missing fact, and is folded by LIFE-01")
  func unknown() {
    let move = change(.iptables, .ipvs())
    #expect(IPVSOnOldKubernetes.evaluate(move)?.severity == .info)
    #expect(IPVSOnOldKubernetes.evaluate(move)?.missingFact == .kubernetesVersion)
    #expect(finding(IPVSOnOldKubernetes.self, in: move) == nil)
    #expect(finding(IPVSDeprecated.self, in: move)?.folds == ["ENV-05"])
  }
}
