// Measures release builds on this machine and prints the figures; `scripts/bench` and `scripts/bench-peers` run it.

internal import LoadGenerator
internal import Glibc

/// Measures real programs, over a real socket, on a real disk.
@main
struct FairleadBench {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    let servers = Servers(Interruption())
    var status: Int32 = 0
    do {
      switch (words.first, words.count) {
      case ("alone", 3): try Alone(servers: servers, programs: words[1], scratch: words[2]).measure()
      case ("large", 3): try Large(servers: servers, programs: words[1], scratch: words[2]).measure()
      case ("fairness", 3): try Alone(servers: servers, programs: words[1], scratch: words[2]).measureFairness()
      case ("greedy", 3):
        guard let greed = Fairness.Greed(rawValue: words[1]) else { throw BenchError("greedy for gets or updates") }
        try Fairness.beGreedy(greed, socket: words[2], servers.interruption)
      case ("peers", 4):
        guard let rounds = Int(words[3]), rounds > 0 else { throw BenchError("the rounds are 1 or more") }
        try Comparison(servers: servers, programs: words[1], scratch: words[2], rounds: rounds).run()
      default:
        throw BenchError(
          "usage: FairleadBench alone FOLDER-OF-PROGRAMS SCRATCH-FOLDER\n"
            + "       FairleadBench large FOLDER-OF-PROGRAMS SCRATCH-FOLDER\n"
            + "       FairleadBench fairness FOLDER-OF-PROGRAMS SCRATCH-FOLDER\n"
            + "       FairleadBench peers FOLDER-OF-PROGRAMS SCRATCH-FOLDER ROUNDS")
      }
    } catch {
      Progress.say("\(error)")
      status = 1
    }
    servers.stopAll()
    servers.interruption.die()
    exit(status)
  }
}
