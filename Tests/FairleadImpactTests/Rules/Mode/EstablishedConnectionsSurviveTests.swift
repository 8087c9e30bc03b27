// Tests of MODE-05: between IPTABLES and NFTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("MODE-05: established connections survive between IPTABLES and NFTABLES")
struct EstablishedConnectionsSurviveTests {
  @Test("It fires in both directions, and does not fold MODE-01")
  func fires() {
    for (before, after) in [(KubeProxyConfig.empty, KubeProxyConfig.nftables), (.nftables, .iptables)] {
      let finding = finding(EstablishedConnectionsSurvive.self, in: change(before, after))
      #expect(finding?.severity == .low)
      #expect(finding?.certainty == .will)
    }
    #expect(finding(BriefInterruption.self, in: change(.iptables, .nftables)) != nil)
  }

  @Test("It is silent for IPVS on either side, the same mode, and creation")
  func silent() {
    #expect(EstablishedConnectionsSurvive.evaluate(change(.ipvs(), .nftables)) == nil)
    #expect(EstablishedConnectionsSurvive.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(EstablishedConnectionsSurvive.evaluate(change(.empty, .iptables)) == nil)
    #expect(EstablishedConnectionsSurvive.evaluate(change(nil, .nftables)) == nil)
  }

  @Test("No fact decides it")
  func noFact() {
    #expect(verdicts(EstablishedConnectionsSurvive.self, .iptables, .nftables) == ["low will"])
  }
}
