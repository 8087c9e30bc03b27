// Tests of SCH-01: a new scheduler.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("SCH-01: connections stay where they are when the scheduler changes")
struct SchedulerChangedTests {
  @Test("It fires in both directions, by name or by default")
  func fires() {
    let finding = finding(SchedulerChanged.self, in: change(.ipvs(), .leastConnection))
    #expect(finding?.severity == .low)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("from RoundRobin to LeastConnection") == true)
    #expect(SchedulerChanged.evaluate(change(.leastConnection, .ipvs(.roundRobin))) != nil)
  }

  @Test("It is silent for the same scheduler, a move into IPVS, and creation")
  func silent() {
    #expect(SchedulerChanged.evaluate(change(.ipvs(), .ipvs(.roundRobin, [.tcp: 60]))) == nil)
    #expect(SchedulerChanged.evaluate(change(.iptables, .leastConnection)) == nil)
    #expect(SchedulerChanged.evaluate(change(.disabled, .leastConnection, lastMode: .ipvs)) == nil)
    #expect(SchedulerChanged.evaluate(change(nil, .leastConnection)) == nil)
  }
}
