// Tests of ENV-02: NFTABLES on an old kernel.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENV-02: NFTABLES on a kernel before 5.13")
struct NFTablesOnOldKernelTests {
  static let old: FactValue = .version(5, 4)

  @Test("On an old kernel it is certain that the node has no rules")
  func fires() {
    let facts: Facts = [.minKernelVersion: Self.old, .kubernetesVersion: .version(1, 33)]
    let finding = finding(NFTablesOnOldKernel.self, in: change(.iptables, .nftables, facts))
    #expect(finding?.severity == .critical)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("kernel 5.4") == true)
  }

  @Test("It is silent from 5.13 on, and for the other modes")
  func silent() {
    #expect(NFTablesOnOldKernel.evaluate(change(.iptables, .nftables, [.minKernelVersion: .version(5, 13)])) == nil)
    #expect(NFTablesOnOldKernel.evaluate(change(.nftables, .iptables, [.minKernelVersion: Self.old])) == nil)
  }

  @Test("Where AKS does not start nftables yet, it is critical and may happen, after an upgrade")
  func later() {
    let facts: Facts = [.minKernelVersion: Self.old, .kubernetesVersion: .version(1, 30)]
    let finding = NFTablesOnOldKernel.evaluate(change(.iptables, .nftables, facts))
    #expect(finding?.severity == .critical)
    #expect(finding?.certainty == .may)
  }

  @Test("With the kernel unknown it says so, with a lower severity where the version implies new node images")
  func unknown() {
    let bare = NFTablesOnOldKernel.evaluate(change(.iptables, .nftables))
    #expect(bare?.severity == .medium)
    #expect(bare?.certainty == .unknown)
    #expect(bare?.missingFact == .minKernelVersion)
    #expect(
      NFTablesOnOldKernel.evaluate(change(.iptables, .nftables, [.kubernetesVersion: .version(1, 34)]))?.severity
        == .low)
  }

  @Test("It folds MODE-01 where it is certain, and not otherwise")
  func folding() {
    let certain = change(.iptables, .nftables, [.minKernelVersion: Self.old])
    #expect(finding(NFTablesOnOldKernel.self, in: certain)?.folds == ["MODE-01"])
    #expect(finding(BriefInterruption.self, in: certain) == nil)
    let guess = change(.iptables, .nftables, [.minKernelVersion: Self.old, .kubernetesVersion: .version(1, 30)])
    #expect(finding(NFTablesOnOldKernel.self, in: guess)?.folds == [])
    #expect(finding(BriefInterruption.self, in: guess) != nil)
  }

  @Test("It is a state rule: it fires on creation")
  func state() {
    #expect(finding(NFTablesOnOldKernel.self, in: change(nil, .nftables, [.minKernelVersion: Self.old])) != nil)
  }

  @Test("Its step checks the kernels before the change")
  func steps() {
    #expect(words(NFTablesOnOldKernel.self, change(.iptables, .nftables), .before).contains("kernelVersion"))
  }
}
