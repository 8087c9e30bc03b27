// Tests of LIFE-01: IPVS leaves Kubernetes.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("LIFE-01: IPVS leaves Kubernetes")
struct IPVSDeprecatedTests {
  @Test(
    "The severity follows the version",
    arguments: [
      (1, 22, nil), (1, 34, nil), (1, 35, Severity.high), (1, 39, .high), (1, 40, .blocked), (1, 43, .blocked),
      (2, 0, .blocked),
    ] as [(Int, Int, Severity?)])
  func severity(major: Int, minor: Int, expected: Severity?) {
    let finding = IPVSDeprecated.evaluate(change(.iptables, .ipvs(), [.kubernetesVersion: .version(major, minor)]))
    #expect(finding?.severity == expected)
    #expect(finding.map { $0.detail.contains("Kubernetes \(major).\(minor)") } ?? true)
  }

  @Test("It is silent for the other modes")
  func otherModes() {
    for after in [KubeProxyConfig.iptables, .nftables, .disabled, .empty] {
      #expect(IPVSDeprecated.evaluate(change(.ipvs(), after, [.kubernetesVersion: .version(1, 41)])) == nil)
    }
  }

  @Test("With the version unknown it says so, and does not block")
  func unknown() {
    let finding = finding(IPVSDeprecated.self, in: change(.iptables, .ipvs()))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .kubernetesVersion)
  }

  @Test("A blocking finding folds nothing that would remain after an override")
  func foldsNothingWhenBlocked() {
    let finding = finding(IPVSDeprecated.self, in: change(.iptables, .ipvs(), [.kubernetesVersion: .version(1, 40)]))
    #expect(finding?.folds == [])
  }

  @Test("It is a state rule: it fires on creation, and for IPVS that was there before")
  func state() {
    let facts: Facts = [.kubernetesVersion: .version(1, 36)]
    #expect(finding(IPVSDeprecated.self, in: change(nil, .ipvs(), facts)) != nil)
    #expect(finding(IPVSDeprecated.self, in: change(.ipvs(), .leastConnection, facts)) != nil)
  }
}
