// What one client costs another: a single request at a time, alone, and beside a connection that never lets up.

internal import LoadGenerator

/// The greedy client is a process of its own: nothing of what it costs to be greedy counts as the daemon's time.
struct Fairness {
  let servers: Servers
  let programs: String
  let workload: Workload

  /// What the greedy client asks for.
  enum Greed: String, CaseIterable {
    case gets
    case updates
  }

  /// Requests that the greedy client has in flight all the time: most of them stand in its socket and in itself.
  static let inFlight = 10_000
  /// Seconds of one measurement.
  private static let seconds = 3.0
  /// The clusters of the greedy client; the first one is the other's.
  private static let clusters = 1..<64

  /// Prints what the single requests take; of the clusters that `Workload.prepare` made.
  func measure() throws {
    let (get, update) = (Workload.requests.get(0), Workload.requests.update(0))
    // Past the numbers that other measurements gave to this cluster.
    let loads = [
      ("cluster.get", Load(.lines, .result) { get.append($1, to: &$2) }),
      ("cluster.update", Load(.lines, .recorded, from: 60_000) { update.append($1, to: &$2) }),
    ]
    for greed in [nil] + Greed.allCases {
      let greedy = try greed.map { try start($0) }
      for (name, load) in loads {
        // A tenth of the time first, which nobody counts.
        _ = try run(load, Self.seconds / 10)
        let times = try run(load, Self.seconds).all
        print(
          "\(name), \(greed.map { "beside 10,000 \($0)" } ?? "alone")".padded(42)
            + "p50 \(times.percentile(50) / 1000) us".padded(16) + "p99 \(times.percentile(99) / 1000) us".padded(16)
            + "longest \(times.longest / 1000) us of \(times.count)")
      }
      guard let greedy else { continue }
      guard !greedy.hasEnded() else { throw BenchError("the greedy client has ended before the other") }
      servers.stop(greedy)
    }
  }

  private func run(_ load: Load, _ seconds: Double) throws -> LoadResult {
    try LoadRun.run(load, on: .unix(workload.socket), clients: 1, for: .seconds(seconds), workload.interruption)
  }

  private func start(_ greed: Greed) throws -> ChildProcess {
    try servers.start("\(programs)/FairleadBench", ["greedy", greed.rawValue, workload.socket])
  }

  /// The greedy client itself, until a signal ends it. Says a line once all its requests are under way.
  static func beGreedy(_ greed: Greed, socket: String, _ interruption: Interruption) throws {
    let templates = clusters.map(greed == .gets ? Workload.requests.get : Workload.requests.update)
    // Past the numbers that other measurements gave to these clusters.
    let first = 50_000
    let load = Load(.lines, greed == .gets ? .result : .recorded, from: first) { _, number, buffer in
      // The first that takes the place of one that was answered.
      if number == first + inFlight { Progress.announce("all under way") }
      templates[number % templates.count].append(number, to: &buffer)
    }
    do throws(LoadError) {
      _ = try LoadRun.run(
        load, on: .unix(socket), clients: 1, inFlight: inFlight, for: .requests(Int.max), interruption)
    } catch {
      // That is how it ends.
      guard case .interrupted = error else { throw error }
    }
  }
}
