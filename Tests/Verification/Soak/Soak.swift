// Runs rounds for minutes: most under noise against one daemon that stays, some with kills, each of them verified.

internal import HistoryChecker
internal import DaemonTestSupport
internal import Foundation

struct Soak {
  private let seconds: Double
  private let seed: UInt64

  /// Clients that are verified, and those that make noise: a tenth of them all.
  private static let clients = 18
  private static let noisy = 2
  /// Steps of a client in a round; a history of 5,000 requests stays under 50 MB.
  private static let steps = 100
  /// Every so many rounds one with kills, against a daemon of its own.
  private static let killEvery = 4
  private static let kills = 5

  struct Usage: Error, CustomStringConvertible {
    var description: String { "cannot take these arguments; usage: Soak MINUTES [SEED]" }
  }

  /// Something went wrong that may not.
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
    let stage = try Stage()
    // What is set up once, such as connections to the database, is not a leak: it is there after the first round.
    try round(stage, RunPlan(seed: seeds.next(), clients: Self.clients, steps: 20, noisy: Self.noisy), start)
    let baseline = try Cost.settled(of: stage.daemon, sockets: stage.socketsAtStart)
    say("baseline \(baseline)")
    var costs: [Cost] = []
    var rounds = 0
    while (ContinuousClock.now - start) < .seconds(seconds) {
      rounds += 1
      let seed = seeds.next()
      if rounds % Self.killEvery == 0 {
        try round(
          Stage(), RunPlan(seed: seed, clients: Self.clients, steps: Self.steps, kills: Self.kills, noisy: Self.noisy),
          start)
      } else {
        try round(
          stage, RunPlan(seed: seed, clients: Self.clients, steps: Self.steps, noisy: Self.noisy), start)
        let cost = try Cost.settled(of: stage.daemon, sockets: stage.socketsAtStart)
        say("\(elapsed(start)) \(cost)")
        costs.append(cost)
      }
    }
    try judge(costs, baseline)
    guard stage.daemon.stop() == 0 else { throw Failed(description: "fairleadd did not stop well") }
    say("\(rounds) rounds, nothing found")
  }

  private func round(_ stage: Stage, _ plan: RunPlan, _ start: ContinuousClock.Instant) throws {
    let outcome = try stage.perform(plan)
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

  /// A line that is there at once, also in a file.
  private func say(_ text: String) { FileHandle.standardOutput.write(Data("soak: \(text)\n".utf8)) }

  private func elapsed(_ start: ContinuousClock.Instant) -> String {
    "\((ContinuousClock.now - start).components.seconds) s:"
  }
}
