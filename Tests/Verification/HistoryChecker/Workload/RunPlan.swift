// The parameters of a round, and its outcome.

internal import ExactJSON
internal import Foundation

/// A round of random work.
package struct RunPlan: Sendable {
  /// Every decision of every client follows from it.
  package var seed: UInt64
  package var clients: Int
  /// Steps of each client; a step is one to six requests.
  package var steps: Int
  /// How often the daemon is killed during the round, and once more at its end; with 0 it is never killed, and every client must
  /// be served without a failure.
  package var kills: Int
  /// Clients that send garbage meanwhile.
  package var noisy: Int
  /// Seconds that a client waits for a line.
  package var patience = 30
  /// Clusters that all clients share.
  package var clusters = 6

  package init(seed: UInt64, clients: Int, steps: Int, kills: Int = 0, noisy: Int = 0) {
    self.seed = seed
    self.clients = clients
    self.steps = steps
    self.kills = kills
    self.noisy = noisy
  }

  /// FAIRLEAD_SEED where it is set, otherwise a random one.
  package static var anySeed: UInt64 {
    ProcessInfo.processInfo.environment["FAIRLEAD_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
  }
}

/// The outcome of a round.
package struct RunOutcome: Sendable {
  package let seed: UInt64
  package let history: History
  /// What the clients reported, followed by what the verifier found.
  package let violations: [Violation]
  package let abilities: Abilities

  /// The round in one line, with the seed that repeats its decisions.
  package var summary: String {
    let answered = history.operations.filter { $0.answer != nil }
    let changes = answered.flatMap(\.parts).count { $0.isChange && $0.result?["seq"]?.intValue != nil }
    let refused = answered.count { $0.refusal != nil }
    return
      "FAIRLEAD_SEED=\(seed): \(history.operations.count) requests, \(changes) acknowledged changes, \(refused) refusals, "
      + "\(history.operations.count - answered.count) without an answer, \(history.watches.count) watches with "
      + "\(history.watches.reduce(0) { $0 + $1.events.count }) events, \(history.log.count) changes in the log, "
      + "\(violations.count) violations"
  }

  /// The violations as a person reads them, the first twenty of them.
  package var report: String {
    ([summary] + violations.prefix(20).map(\.description)).joined(separator: "\n")
  }
}
