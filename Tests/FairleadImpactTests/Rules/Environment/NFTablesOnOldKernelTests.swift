// ENV-02: NFTABLES on an old kernel.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENV-02: NFTABLES on a kernel before 5.13")
struct NFTablesOnOldKernelTests {
  static let old: FactValue = .version(5, 4)

  @Test("An old kernel costs the node its rules, for certain")
  func fires() {
    let facts: Facts = [.minKernelVersion: Self.old, .kubernetesVersion: .version(1, 33)]
    let finding = finding(NFTablesOnOldKernel.self, in: change(.iptables, .nftables, facts))
    #expect(finding?.severity == .critical)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("kernel 5.4") == true)
  }

  @Test("5.13 is new enough, and the other modes do not care")
  func silent() {
    #expect(NFTablesOnOldKernel.evaluate(change(.iptables, .nftables, [.minKernelVersion: .version(5, 13)])) == nil)
    #expect(NFTablesOnOldKernel.evaluate(change(.nftables, .iptables, [.minKernelVersion: Self.old])) == nil)
  }

  @Test("Where AKS does not start nftables yet, the upgrade may spring the trap")
  func later() {
    let facts: Facts = [.minKernelVersion: Self.old, .kubernetesVersion: .version(1, 30)]
    let finding = NFTablesOnOldKernel.evaluate(change(.iptables, .nftables, facts))
    #expect(finding?.severity == .critical)
    #expect(finding?.certainty == .may)
  }

  @Test("With the kernel unknown it says so, and more quietly where the version vouches for the images")
  func unknown() {
    let bare = NFTablesOnOldKernel.evaluate(change(.iptables, .nftables))
    #expect(bare?.severity == .medium)
    #expect(bare?.certainty == .unknown)
    #expect(bare?.missingFact == .minKernelVersion)
    #expect(
      NFTablesOnOldKernel.evaluate(change(.iptables, .nftables, [.kubernetesVersion: .version(1, 34)]))?.severity
        == .low)
  }

  @Test("It speaks for MODE-01 where it is certain, and not where it is a guess")
  func folding() {
    let certain = change(.iptables, .nftables, [.minKernelVersion: Self.old])
    #expect(finding(NFTablesOnOldKernel.self, in: certain)?.folds == ["MODE-01"])
    #expect(finding(BriefInterruption.self, in: certain) == nil)
    let guess = change(.iptables, .nftables, [.minKernelVersion: Self.old, .kubernetesVersion: .version(1, 30)])
    #expect(finding(NFTablesOnOldKernel.self, in: guess)?.folds == [])
    #expect(finding(BriefInterruption.self, in: guess) != nil)
  }

  @Test("It is a state rule: it speaks on creation")
  func state() {
    #expect(finding(NFTablesOnOldKernel.self, in: change(nil, .nftables, [.minKernelVersion: Self.old])) != nil)
  }

  @Test("Before the change the kernels are looked at")
  func steps() {
    #expect(words(NFTablesOnOldKernel.self, change(.iptables, .nftables), .before).contains("kernelVersion"))
  }
}
