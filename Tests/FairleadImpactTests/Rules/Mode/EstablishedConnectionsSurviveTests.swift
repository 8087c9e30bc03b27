// MODE-05: between IPTABLES and NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-05: established connections survive between IPTABLES and NFTABLES")
struct EstablishedConnectionsSurviveTests {
  @Test("It speaks in both directions, and beside MODE-01, which it does not settle")
  func fires() {
    for (before, after) in [(KubeProxyConfig.empty, KubeProxyConfig.nftables), (.nftables, .iptables)] {
      let finding = finding(EstablishedConnectionsSurvive.self, in: change(before, after))
      #expect(finding?.severity == .low)
      #expect(finding?.certainty == .will)
    }
    #expect(finding(BriefInterruption.self, in: change(.iptables, .nftables)) != nil)
  }

  @Test("IPVS on either side, the same mode, and creation are silent")
  func silent() {
    #expect(EstablishedConnectionsSurvive.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(EstablishedConnectionsSurvive.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(EstablishedConnectionsSurvive.evaluate(change(.empty, .iptables)) == nil)
    #expect(EstablishedConnectionsSurvive.evaluate(change(nil, .nftables)) == nil)
  }

  @Test("No fact decides about it")
  func noFact() {
    #expect(verdicts(EstablishedConnectionsSurvive.self, .iptables, .nftables) == ["low will"])
  }
}
