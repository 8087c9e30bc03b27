// What was measured, and its JSON.

internal import ExactJSON
internal import LoadGenerator
internal import FairleadModel

/// A distribution, in nanoseconds.
struct BenchTimes: Sendable, Hashable {
  let mean: Int
  let p50: Int
  let p90: Int
  let p99: Int
  let p999: Int
  let max: Int

  init(mean: Int, p50: Int, p90: Int, p99: Int, p999: Int, max: Int) {
    (self.mean, self.p50, self.p90, self.p99, self.p999, self.max) = (mean, p50, p90, p99, p999, max)
  }

  init(_ latencies: Latencies) {
    self.init(
      mean: Int(latencies.mean), p50: latencies.percentile(50), p90: latencies.percentile(90),
      p99: latencies.percentile(99), p999: latencies.percentile(99.9), max: latencies.longest)
  }

  func write(to builder: inout JSONObjectBuilder) {
    for (key, value) in [
      ("meanNs", mean), ("p50Ns", p50), ("p90Ns", p90), ("p99Ns", p99), ("p999Ns", p999), ("maxNs", max),
    ] {
      builder.set(key, value)
    }
  }

  var json: JSON {
    var builder = JSONObjectBuilder()
    write(to: &builder)
    return builder.json
  }
}

/// One row of what was measured.
struct BenchFigure: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// The load generator against an echo server.
    case echo
    case workload(BenchWorkload)
    /// The gets and the updates of `mixed`.
    case mixedGet
    case mixedUpdate
    /// Of `watch`: the change itself, the time from the request to an event, and from the reply to the last watcher's.
    case watchChange
    case watchFromRequest
    case watchLast

    /// The workload, and which part of it where it has several.
    var name: String {
      switch self {
      case .echo: "echo"
      case .workload(let workload): workload.rawValue
      case .mixedGet: "mixed: get"
      case .mixedUpdate: "mixed: update"
      case .watchChange: "watch: change"
      case .watchFromRequest: "watch: from request"
      case .watchLast: "watch: last"
      }
    }
  }

  let kind: Kind
  let clients: Int
  let count: Int
  let perSecond: Double
  let times: BenchTimes

  var json: JSON {
    var builder = JSONObjectBuilder()
    builder.set("workload", kind.name)
    builder.set("clients", clients)
    builder.set("count", count)
    builder.set("perSecond", Int(perSecond.rounded()))
    times.write(to: &builder)
    return builder.json
  }
}

/// Everything that one run of the command measured.
struct BenchResult: Sendable, Hashable {
  var version: String
  /// The socket of a running daemon; `nil` for a scratch daemon.
  var socket: String?
  var seconds: Double
  var inFlight: Int
  /// One fdatasync; `nil` where no disk could be measured.
  var sync: BenchTimes?
  var figures: [BenchFigure] = []

  func figure(_ kind: BenchFigure.Kind, clients: Int) -> BenchFigure? {
    figures.first { $0.kind == kind && $0.clients == clients }
  }

  /// - Parameter checks: `nil` where none was asked for.
  func json(_ checks: [BenchCheck]?) -> JSON {
    var builder = JSONObjectBuilder()
    var daemon = JSONObjectBuilder()
    daemon.set("version", version)
    daemon.set("own", socket == nil)
    daemon.set("socket", ifPresent: socket)
    builder.set("daemon", daemon.json)
    builder.set("milliseconds", Int((seconds * 1000).rounded()))
    builder.set("inFlight", inFlight)
    builder.set("fdatasync", sync?.json ?? .null)
    let isEcho = { (figure: BenchFigure) in figure.kind == .echo }
    builder.set("echo", .array(figures.filter(isEcho).map(\.json)))
    builder.set("workloads", .array(figures.filter { !isEcho($0) }.map(\.json)))
    if let checks {
      builder.set("checks", .array(checks.map(\.json)))
      builder.set("passed", checks.allSatisfy(\.passed))
    }
    return builder.json
  }
}
