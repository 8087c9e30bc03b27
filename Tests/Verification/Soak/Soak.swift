// Runs rounds for minutes, each of them verified: most against one daemon under garbage clients, some with kills.

internal import HistoryChecker
internal import DaemonTestSupport
internal import Foundation

struct Soak {
  private let seconds: Double
  private let seed: UInt64

  /// Clients that are verified, and those that send garbage: a tenth of all.
  private static let clients = 18
  private static let noisy = 2
  /// Steps of a client in a round; a history of 5,000 requests stays under 50 MB.
  private static let steps = 100
  /// Every so many rounds there is one with kills, against its own daemon.
  private static let killEvery = 4
  private static let kills = 5

  struct Usage: Error, CustomStringConvertible {
    var description: String { "cannot take these arguments; usage: Soak MINUTES [SEED]" }
  }

  /// Why the run ends with a failure.
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  init(arguments: [String]) throws {
    guard (1...2).contains(arguments.count), let minutes = Double(arguments[0]), minutes > 0, minutes <= 1440 else {
      throw Usage()
    }
    seconds = minutes * 60
    if arguments.count == 2 {
      guard let seed = UInt64(arguments[1]) else { throw Usage() }
      self.seed = seed
    } else {
      seed = RunPlan.anySeed
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    var seeds = SplitMix(seed: seed)
    say("\(seconds / 60) minutes, seed \(seed): the same decisions with 'scripts/soak MINUTES \(seed)'")
    let runner = try RoundRunner()
    // What is set up once, such as connections to the database, is no leak: it exists after the first round.
    try round(runner, RunPlan(seed: seeds.next(), clients: Self.clients, steps: 20, noisy: Self.noisy), start)
    let baseline = try Cost.settled(of: runner.daemon, sockets: runner.socketsAtStart)
    say("baseline \(baseline)")
    var costs: [Cost] = []
    var rounds = 0
    while (ContinuousClock.now - start) < .seconds(seconds) {
      rounds += 1
      let seed = seeds.next()
      if rounds % Self.killEvery == 0 {
        try round(
          RoundRunner(),
          RunPlan(seed: seed, clients: Self.clients, steps: Self.steps, kills: Self.kills, noisy: Self.noisy),
          start)
      } else {
        try round(
          runner, RunPlan(seed: seed, clients: Self.clients, steps: Self.steps, noisy: Self.noisy), start)
        let cost = try Cost.settled(of: runner.daemon, sockets: runner.socketsAtStart)
        say("\(elapsed(start)) \(cost)")
        costs.append(cost)
      }
    }
    try judge(costs, baseline)
    guard runner.daemon.stop() == 0 else { throw Failed(description: "fairleadd did not stop well") }
    say("\(rounds) rounds, nothing found")
  }

  private func round(_ runner: RoundRunner, _ plan: RunPlan, _ start: ContinuousClock.Instant) throws {
    let outcome = try runner.perform(plan)
    say("\(elapsed(start)) \(plan.kills) kills, \(outcome.summary)")
    guard outcome.violations.isEmpty else { throw Failed(description: outcome.report) }
  }

  private func judge(_ costs: [Cost], _ baseline: Cost) throws {
    guard let descriptors = costs.map(\.descriptors).max() else { return }
    guard descriptors <= baseline.descriptors else {
      throw Failed(description: "descriptors grew from \(baseline.descriptors) to \(descriptors) with nobody connected")
    }
    guard let growth = Cost.growth(costs) else {
      say("too few rounds to say whether memory grows")
      return
    }
    say("\(growth)")
    if growth.isLeak { throw Failed(description: "memory grows: \(growth)") }
  }

  /// Prints a line without buffering, so that a file shows it at once too.
  private func say(_ text: String) { FileHandle.standardOutput.write(Data("soak: \(text)\n".utf8)) }

  private func elapsed(_ start: ContinuousClock.Instant) -> String {
    "\((ContinuousClock.now - start).components.seconds) s:"
  }
}
