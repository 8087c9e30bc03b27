// Tests of ENV-01: NFTABLES below Kubernetes 1.33.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENV-01: NFTABLES needs Kubernetes 1.33")
struct NFTablesOnOldKubernetesTests {
  @Test("Below 1.33 it blocks, and names the version that the cluster runs")
  func blocks() {
    let finding = finding(
      NFTablesOnOldKubernetes.self, in: change(.iptables, .nftables, [.kubernetesVersion: .version(1, 32)]))
    #expect(finding?.severity == .blocked)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("Kubernetes 1.32") == true)
  }

  @Test("It is silent from 1.33 on, and for the other modes")
  func silent() {
    #expect(
      NFTablesOnOldKubernetes.evaluate(change(.iptables, .nftables, [.kubernetesVersion: .version(1, 33)])) == nil)
    #expect(NFTablesOnOldKubernetes.evaluate(change(.nftables, .ipvs(), [.kubernetesVersion: .version(1, 20)])) == nil)
    #expect(
      NFTablesOnOldKubernetes.evaluate(change(.nftables, .disabled, [.kubernetesVersion: .version(1, 20)])) == nil)
  }

  @Test("A patch version counts as its minor version")
  func patch() {
    let facts: Facts = [.kubernetesVersion: .version(DottedVersion(1, 32, 9))]
    #expect(NFTablesOnOldKubernetes.evaluate(change(nil, .nftables, facts))?.severity == .blocked)
  }

  @Test("With the version unknown it says so, and does not block")
  func unknown() {
    let finding = NFTablesOnOldKubernetes.evaluate(change(.iptables, .nftables))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .kubernetesVersion)
  }

  @Test("It is a state rule: it fires on creation, and where NFTABLES ran before")
  func state() {
    let facts: Facts = [.kubernetesVersion: .version(1, 30)]
    #expect(finding(NFTablesOnOldKubernetes.self, in: change(nil, .nftables, facts)) != nil)
    #expect(finding(NFTablesOnOldKubernetes.self, in: change(.disabled, .nftables, facts, lastMode: .nftables)) != nil)
  }

  @Test("With the version unknown it folds ENV-04, which needs the same fact")
  func folding() {
    let finding = finding(NFTablesOnOldKubernetes.self, in: change(nil, .nftables))
    #expect(finding?.folds == ["ENV-04"])
    #expect(finding?.detail.contains("ENV-04") == true)
  }

  @Test("Its step upgrades a cluster that is known to be too old, and no other")
  func steps() {
    let old = change(.iptables, .nftables, [.kubernetesVersion: .version(1, 32)])
    #expect(words(NFTablesOnOldKubernetes.self, old, .before).contains("az aks upgrade -g rg -n prod"))
    #expect(NFTablesOnOldKubernetes.steps(for: change(.iptables, .nftables)).isEmpty)
  }
}
