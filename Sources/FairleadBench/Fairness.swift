// What one client costs another: one request at a time, alone, and next to a connection that always has requests in flight.

internal import LoadGenerator

/// The greedy client is its own process, so that its own cost does not count as the daemon's time.
struct Fairness {
  let servers: Servers
  let programs: String
  let workload: Workload

  /// What the greedy client asks for.
  enum Greed: String, CaseIterable {
    case gets
    case updates
  }

  /// Requests that the greedy client always has in flight: most of them wait in its socket and in the client.
  static let inFlight = 10_000
  /// Seconds of one measurement.
  private static let seconds = 3.0
  /// The clusters of the greedy client; the first one is the other's.
  private static let clusters = 1..<64

  /// Prints the times of the single requests, on the clusters that `Workload.prepare` made.
  func measure() throws {
    let (get, update) = (Workload.requests.get(0), Workload.requests.update(0))
    // Beyond the numbers that other measurements used for this cluster.
    let loads = [
      ("cluster.get", Load(.lines, .result) { get.append($1, to: &$2) }),
      ("cluster.update", Load(.lines, .recorded, from: 60_000) { update.append($1, to: &$2) }),
    ]
    for greed in [nil] + Greed.allCases {
      let greedy = try greed.map { try start($0) }
      for (name, load) in loads {
        // First a warm-up of a tenth of the time, which does not count.
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
    // Beyond the numbers that other measurements used for these clusters.
    let first = 50_000
    let load = Load(.lines, greed == .gets ? .result : .recorded, from: first) { _, number, buffer in
      // The first request that replaces an answered one.
      if number == first + inFlight { Progress.announce("all under way") }
      templates[number % templates.count].append(number, to: &buffer)
    }
    do throws(LoadError) {
      _ = try LoadRun.run(
        load, on: .unix(socket), clients: 1, inFlight: inFlight, for: .requests(Int.max), interruption)
    } catch {
      // A signal is its normal end.
      guard case .interrupted = error else { throw error }
    }
  }
}
