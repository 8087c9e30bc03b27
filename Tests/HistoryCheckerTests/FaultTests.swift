// The checker against daemons with a planted bug: it finds each, and without one it finds nothing.

import HistoryChecker
import DaemonTestSupport
import Testing

@Suite("Planted faults", .timeLimit(.minutes(5)), .serialized)
struct FaultTests {
  /// Too early is so for as long as a commit takes, a tenth of a millisecond at least. A round of 8 clients has some forty
  /// steps in which a second request is sent the moment the reply to the first one is there, and a kill at the moment of an
  /// acknowledgement. One round finds it nearly always, most of the time more than once; that all of `rounds` miss it is out
  /// of reach. A watch that skips every fifth change cannot be missed by a round in which watches bring more than five.
  private static let rounds = 10

  @Test("each is found", arguments: ["answersBeforeCommit", "publishesBeforeCommit", "skipsWatchedChange"])
  func found(_ fault: String) throws {
    let stage = try Stage("FaultyDaemon", arguments: ["--fault", fault])
    var seeds = SplitMix(seed: RunPlan.anySeed)
    var told: [String] = []
    for _ in 0..<Self.rounds {
      var plan = RunPlan(seed: seeds.next(), clients: 8, steps: 12, kills: 1)
      // A reply waits for its client's own watches, so that one of a skipped change comes with the next change, or never.
      plan.patience = 3
      let outcome = try stage.perform(plan)
      told.append(outcome.summary)
      // A connection that fails is none of these faults, and a wait that was too short is no proof of one.
      let found = Set(outcome.violations.map(\.kind))
      #expect(found.isDisjoint(with: [.lostConnection, .oddReply, .failed]), "\(outcome.report)")
      if !found.isSubset(of: Violation.Kind.ofConnections) { return }
    }
    Issue.record("\(fault) was not found: \(told.joined(separator: "\n"))")
  }

  @Test("a daemon without one passes the same rounds")
  func none() throws {
    let stage = try Stage("FaultyDaemon")
    let outcome = try stage.perform(RunPlan(seed: RunPlan.anySeed, clients: 8, steps: 12, kills: 1))
    let count = outcome.violations.count
    #expect(count == 0, "\(outcome.report)")
  }
}
