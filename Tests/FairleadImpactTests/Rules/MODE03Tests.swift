// MODE-03: from IPVS to IPTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-03: IPVS state stays after a move to IPTABLES")
struct MODE03Tests {
  @Test("From IPVS to IPTABLES, by name or by default, it is critical and speaks for MODE-01")
  func fires() {
    for after in [KubeProxyConfig.iptables, .empty] {
      let finding = finding(MODE03.self, in: change(.ipvs(), after, [.serviceCount: .count(30)]))
      #expect(finding?.severity == .critical)
      #expect(finding?.certainty == .will)
      #expect(finding?.folds == ["MODE-01"])
      #expect(finding?.detail.contains("the IPs of 30 Services") == true)
    }
  }

  @Test("It is what makes the way back from IPVS unclean")
  func wayBack() throws {
    let back = try #require(change(.iptables, .ipvs()).reversed)
    #expect(caveats(of: back) == ["MODE-03"])
  }

  @Test("No other move fires it, nor does creation")
  func silent() {
    #expect(MODE03.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(MODE03.evaluate(change(.ipvs(), .disabled)) == nil)
    #expect(MODE03.evaluate(change(.nftables, .iptables)) == nil)
    #expect(MODE03.evaluate(change(nil, .iptables)) == nil)
  }

  @Test("Enabling kube-proxy in IPTABLES after IPVS ran last fires it beside ENB-02")
  func enabling() {
    let move = change(.disabled, .iptables, lastMode: .ipvs)
    #expect(finding(MODE03.self, in: move)?.certainty == .may)
    #expect(finding(ENB02.self, in: move) != nil)
  }

  @Test("No fact decides about it")
  func noFact() {
    #expect(verdicts(MODE03.self, .ipvs(), .empty) == ["critical will"])
    #expect(verdicts(MODE03.self, .iptables, .empty) == ["silent"])
  }

  @Test("Afterwards each node is rebooted, and the cleanup that has failed is not proposed")
  func steps() {
    let text = words(MODE03.self, change(.ipvs(), .iptables), .after)
    #expect(text.contains("az vmss restart"))
    #expect(text.contains("kube-ipvs0"))
    #expect(!text.contains("--cleanup"))
  }
}
