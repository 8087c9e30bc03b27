// What is run, how long, and what became of it.

internal import ExactJSON
internal import Foundation

/// A round of random work.
package struct RunPlan: Sendable {
  /// Every decision of every client follows from it.
  package var seed: UInt64
  package var clients: Int
  /// Steps of each client; a step is one to six requests.
  package var steps: Int
  /// How often the daemon is killed while it works, and once more at the end; 0 is not at all, and then every client must be
  /// served without a failure.
  package var kills: Int
  /// Clients that send nonsense meanwhile.
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

  /// FAIRLEAD_SEED where it is set, and else one that nobody has chosen.
  package static var anySeed: UInt64 {
    ProcessInfo.processInfo.environment["FAIRLEAD_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
  }
}

/// What is left of a round.
package struct RunOutcome: Sendable {
  package let seed: UInt64
  package let history: History
  /// What the clients saw go wrong, and then what the verifier found.
  package let violations: [Violation]
  package let abilities: Abilities

  /// What the round came to, in one line with the seed that repeats its decisions.
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
