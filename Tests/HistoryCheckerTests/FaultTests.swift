// The checker against daemons with an injected fault: it finds each, and without one it finds nothing.

import HistoryChecker
import DaemonTestSupport
import Testing

@Suite("Injected faults", .timeLimit(.minutes(5)), .serialized)
struct FaultTests {
  /// A reply before its commit is early by as long as a commit takes, a tenth of a millisecond at least. A round of 8 clients has
  /// some forty steps in which a second request is sent as soon as the reply to the first has arrived, and a kill right after an
  /// acknowledgement. One round nearly always finds the fault, mostly more than once; that all of `rounds` miss it is out of the
  /// question. A watch that skips every fifth change is found by every round whose watches report more than five.
  private static let rounds = 10

  @Test("each is found", arguments: ["answersBeforeCommit", "publishesBeforeCommit", "skipsWatchedChange"])
  func found(_ fault: String) throws {
    let runner = try RoundRunner("FaultyDaemon", arguments: ["--fault", fault])
    var seeds = SplitMix(seed: RunPlan.anySeed)
    var summaries: [String] = []
    for _ in 0..<Self.rounds {
      var plan = RunPlan(seed: seeds.next(), clients: 8, steps: 12, kills: 1)
      // A reply waits for its connection's watches, so the reply to a skipped change comes with the next change, or never.
      plan.patience = 3
      let outcome = try runner.perform(plan)
      summaries.append(outcome.summary)
      // A failed connection is none of these faults, and a wait that was too short proves none.
      let found = Set(outcome.violations.map(\.kind))
      #expect(found.isDisjoint(with: [.lostConnection, .oddReply, .failed]), "\(outcome.report)")
      if !found.isSubset(of: Violation.Kind.ofConnections) { return }
    }
    Issue.record("\(fault) was not found: \(summaries.joined(separator: "\n"))")
  }

  @Test("a daemon without a fault passes the same rounds")
  func none() throws {
    let runner = try RoundRunner("FaultyDaemon")
    let outcome = try runner.perform(RunPlan(seed: RunPlan.anySeed, clients: 8, steps: 12, kills: 1))
    let count = outcome.violations.count
    #expect(count == 0, "\(outcome.report)")
  }
}
