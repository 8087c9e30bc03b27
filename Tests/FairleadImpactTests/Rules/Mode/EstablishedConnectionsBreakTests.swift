// Tests of MODE-04: from IPVS to NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-04: established connections break between IPVS and NFTABLES")
struct EstablishedConnectionsBreakTests {
  @Test("From IPVS to NFTABLES it is high, says how many connections are at stake, and folds MODE-01")
  func fires() {
    let move = change(.ipvs(), .nftables, [.connectionsPerService: .count(800)])
    let finding = finding(EstablishedConnectionsBreak.self, in: move)
    #expect(finding?.severity == .high)
    #expect(finding?.certainty == .will)
    #expect(finding?.folds.first == "MODE-01")
    #expect(finding?.detail.contains("800 connections") == true)
  }

  @Test("It is no caveat, since nothing stays behind")
  func clean() {
    #expect(caveats(of: change(.ipvs(), .nftables)) == [])
  }

  @Test("It is silent for every other move, and for creation")
  func silent() {
    #expect(EstablishedConnectionsBreak.evaluate(change(.ipvs(), .iptables)) == nil)
    #expect(EstablishedConnectionsBreak.evaluate(change(.nftables, .ipvs())) == nil)
    #expect(EstablishedConnectionsBreak.evaluate(change(nil, .nftables)) == nil)
  }

  @Test("No fact decides it, and it folds MODE-09")
  func noFact() {
    #expect(verdicts(EstablishedConnectionsBreak.self, .ipvs(), .nftables) == ["high will"])
    let finding = finding(
      EstablishedConnectionsBreak.self, in: change(.ipvs(), .nftables, [.usesUdpServices: .bool(true)]))
    #expect(finding?.folds == ["MODE-01", "MODE-09"])
    #expect(finding?.detail.contains("UDP") == true)
  }

  @Test("Its step counts the affected connections beforehand")
  func steps() {
    #expect(
      words(EstablishedConnectionsBreak.self, change(.ipvs(), .nftables), .before).contains("/proc/net/ip_vs_conn"))
  }
}
