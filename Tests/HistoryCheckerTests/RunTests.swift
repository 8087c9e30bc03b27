// The daemon under random clients, kills and garbage: the log explains everything that the clients saw.

import HistoryChecker
import ExactJSON
import DaemonTestSupport
import Testing

@Suite("Histories of the daemon", .timeLimit(.minutes(5)), .serialized)
struct RunTests {
  @Test("random clients and three kills leave a history that the log explains")
  func kills() throws {
    let outcome = try RoundRunner().perform(RunPlan(seed: RunPlan.anySeed, clients: 8, steps: 40, kills: 3))
    let count = outcome.violations.count
    #expect(count == 0, "\(outcome.report)")
    // A round that does nothing proves nothing.
    let answered = outcome.history.operations.filter { $0.answer != nil }
    #expect(answered.count > 300, "\(outcome.summary)")
    #expect(outcome.history.operations.count > answered.count, "\(outcome.summary)")
    #expect(outcome.history.log.count > 50, "\(outcome.summary)")
    let recorded = answered.filter { if case .result = $0.answer?.outcome { true } else { false } }
    #expect(recorded.contains { $0.method == "cluster.apply" }, "\(outcome.summary)")
    for past in ["revision", "at"] {
      #expect(recorded.contains { $0.method == "cluster.get" && $0.params[past] != nil }, "\(outcome.summary)")
    }
    #expect(!outcome.abilities.watches || outcome.history.watches.contains { !$0.events.isEmpty }, "\(outcome.summary)")
  }

  @Test("clients that send garbage cost the others nothing, and the daemon no descriptor")
  func noise() throws {
    let runner = try RoundRunner()
    // What is set up once is no leak: the first round, a small one, sets it up.
    for (clients, steps) in [(9, 3), (9, 20)] {
      let outcome = try runner.perform(RunPlan(seed: RunPlan.anySeed, clients: clients, steps: steps, noisy: 1))
      let count = outcome.violations.count
      #expect(count == 0, "\(outcome.report)")
    }
    let before = try Cost.settled(of: runner.daemon, sockets: runner.socketsAtStart)
    let outcome = try runner.perform(RunPlan(seed: RunPlan.anySeed, clients: 9, steps: 10, noisy: 1))
    let count = outcome.violations.count
    #expect(count == 0, "\(outcome.report)")
    let after = try Cost.settled(of: runner.daemon, sockets: runner.socketsAtStart)
    #expect(after.descriptors <= before.descriptors, "\(before), then \(after)")
    #expect(runner.daemon.stop() == 0)
  }
}
