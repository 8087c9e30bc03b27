// Tests of MODE-06: out of NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-06: leaving NFTABLES is clean")
struct NFTablesRulesRemovedTests {
  @Test("To either other mode it is low, and nothing stays behind")
  func fires() {
    for after in [KubeProxyConfig.iptables, .ipvs()] {
      let move = change(.nftables, after)
      #expect(finding(NFTablesRulesRemoved.self, in: move)?.severity == .low)
      #expect(caveats(of: move) == [])
    }
  }

  @Test("For a move to IPVS it does not say that established connections survive")
  func connections() {
    #expect(NFTablesRulesRemoved.evaluate(change(.nftables, .ipvs()))?.detail.contains("may break") == true)
    #expect(NFTablesRulesRemoved.evaluate(change(.nftables, .iptables))?.detail.contains("may break") == false)
  }

  @Test("It is silent for a move into NFTABLES, disabling, and creation")
  func silent() {
    #expect(NFTablesRulesRemoved.evaluate(change(.iptables, .nftables)) == nil)
    #expect(NFTablesRulesRemoved.evaluate(change(.nftables, .disabled)) == nil)
    #expect(NFTablesRulesRemoved.evaluate(change(nil, .iptables)) == nil)
  }

  @Test("No fact decides it, and its step checks the tables")
  func noFact() {
    #expect(verdicts(NFTablesRulesRemoved.self, .nftables, .iptables) == ["low will"])
    #expect(words(NFTablesRulesRemoved.self, change(.nftables, .iptables), .after).contains("nft list tables"))
  }
}
