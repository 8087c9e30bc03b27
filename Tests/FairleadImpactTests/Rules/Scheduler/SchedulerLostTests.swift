// Tests of SCH-04: the scheduler is lost outside IPVS.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("SCH-04: the choice of scheduler is lost")
struct SchedulerLostTests {
  @Test("For a move out of IPVS it names the lost scheduler and the mode without one")
  func fires() {
    for after in [KubeProxyConfig.iptables, .nftables] {
      let finding = finding(SchedulerLost.self, in: change(.leastConnection, after))
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("LeastConnection") == true)
    }
  }

  @Test("After a time without kube-proxy the scheduler is not on record")
  func enabling() {
    let finding = SchedulerLost.evaluate(change(.disabled, .iptables, lastMode: .ipvs))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("the IPVS scheduler that ran last") == true)
  }

  @Test("It is silent where IPVS stays, and for disabling and creation")
  func silent() {
    #expect(SchedulerLost.evaluate(change(.leastConnection, .ipvs())) == nil)
    #expect(SchedulerLost.evaluate(change(.leastConnection, .disabled)) == nil)
    #expect(SchedulerLost.evaluate(change(.nftables, .iptables)) == nil)
    #expect(SchedulerLost.evaluate(change(nil, .iptables)) == nil)
  }
}
