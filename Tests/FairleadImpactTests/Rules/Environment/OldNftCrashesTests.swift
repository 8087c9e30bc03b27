// Tests of ENV-04: two versions of nft on one node.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENV-04: an old nft may crash on rules of a newer one")
struct OldNftCrashesTests {
  @Test(
    "From 1.33 to 1.36 it may happen, and is at most medium, since AKS's images have no such nft",
    arguments: [33, 34, 35, 36])
  func fires(minor: Int) {
    for before in [nil, KubeProxyConfig.iptables, .ipvs()] {
      let facts: Facts = [.kubernetesVersion: .version(1, minor)]
      let finding = finding(OldNftCrashes.self, in: change(before, .nftables, facts))
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .may)
      #expect(finding?.detail.contains("Kubernetes 1.\(minor)") == true)
    }
  }

  @Test("It is silent where AKS does not start nftables, and where kube-proxy needs no nft")
  func versions() {
    for version in [(1, 7), (1, 32), (1, 37), (9, 99)] {
      let facts: Facts = [.kubernetesVersion: .version(version.0, version.1)]
      #expect(OldNftCrashes.evaluate(change(.iptables, .nftables, facts)) == nil)
    }
  }

  @Test("It is silent where NFTABLES has run, and for the other modes")
  func silent() {
    let facts: Facts = [.kubernetesVersion: .version(1, 34)]
    #expect(OldNftCrashes.evaluate(change(.nftables, .nftables, facts)) == nil)
    #expect(OldNftCrashes.evaluate(change(.disabled, .nftables, facts, lastMode: .nftables)) == nil)
    #expect(OldNftCrashes.evaluate(change(.nftables, .iptables, facts)) == nil)
    #expect(OldNftCrashes.evaluate(change(.nftables, .disabled, facts)) == nil)
  }

  @Test("With the version unknown it says so, and ENV-01 folds it")
  func unknown() {
    let move = change(.iptables, .nftables)
    #expect(OldNftCrashes.evaluate(move)?.certainty == .unknown)
    #expect(OldNftCrashes.evaluate(move)?.missingFact == .kubernetesVersion)
    #expect(finding(OldNftCrashes.self, in: move) == nil)
  }

  @Test("Its step searches the log for crashes afterwards")
  func steps() {
    #expect(words(OldNftCrashes.self, change(.iptables, .nftables), .after).contains("segmentation fault"))
  }
}
