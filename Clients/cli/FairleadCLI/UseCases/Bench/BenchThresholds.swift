// What a daemon should manage on this machine, in terms of what the same run measured of the machine.

internal import ExactJSON
internal import FairleadModel

/// One comparison.
struct BenchCheck: Sendable, Hashable {
  enum Measure: String, Sendable, Hashable {
    case perSecond
    case p50 = "p50Ns"
    case p99 = "p99Ns"
  }

  let workload: String
  let clients: Int
  let measure: Measure
  let value: Int
  /// The least that a rate must reach, or the most that a time may be.
  let bound: Int
  /// Where the bound comes from.
  let reason: String

  var passed: Bool {
    switch measure {
    case .perSecond: value >= bound
    case .p50, .p99: value <= bound
    }
  }

  var json: JSON {
    var builder = JSONObjectBuilder()
    builder.set("workload", workload)
    builder.set("clients", clients)
    builder.set("measure", measure.rawValue)
    builder.set("value", value)
    builder.set(measure == .perSecond ? "atLeast" : "atMost", bound)
    builder.set("passed", passed)
    builder.set("reason", reason)
    return builder.json
  }
}

/// The bounds of `--check`. The help of the command and docs/performance.md state the same numbers.
enum BenchThresholds {
  /// A get is one line in and one out, as with the echo, and finding the cluster between: it may take four times as long.
  static let getShare = 4
  /// A page of history is read from the file and is ten times as long as a get.
  static let historyShare = 40
  /// What one change may cost beside the disk, in nanoseconds: planning, judging, writing its record.
  static let perChange = 500_000
  /// How much later than the reply an event may reach a watcher: one hand-over between threads, and one write for each
  /// watcher before it.
  static let perHandOver = 500_000
  static let perWatcher = 20_000

  /// The comparisons of everything that was measured. Those that depend on the disk are left out where no disk was measured.
  static func checks(_ result: BenchResult) -> [BenchCheck] {
    result.figures.flatMap { figure -> [BenchCheck] in
      switch figure.kind {
      case .workload(.get): share(getShare, figure, result)
      case .workload(.history): share(historyShare, figure, result)
      case .workload(.update): update(figure, result)
      case .mixedGet: mixed(figure, result)
      case .workload(.watch): watch(figure)
      case .workload(.mixed), .mixedUpdate, .echo, .watchChange, .watchFromRequest, .watchLast: []
      }
    }
  }

  private static func share(_ share: Int, _ figure: BenchFigure, _ result: BenchResult) -> [BenchCheck] {
    guard let echo = result.figure(.echo, clients: figure.clients) else { return [] }
    return [
      check(figure, .perSecond, Int(figure.perSecond), Int(echo.perSecond) / share, "1/\(share) of the echo")
    ]
  }

  private static func update(_ figure: BenchFigure, _ result: BenchResult) -> [BenchCheck] {
    guard let sync = result.sync else { return [] }
    let work = figure.clients * result.inFlight * perChange
    let reason = "2 fdatasync + 0.5 ms x \(figure.clients * result.inFlight)"
    return [
      check(figure, .p50, figure.times.p50, 2 * sync.p50 + work, reason),
      check(figure, .p99, figure.times.p99, 2 * (2 * sync.p99 + work), "twice that, by the fdatasync's p99"),
    ]
  }

  private static func mixed(_ figure: BenchFigure, _ result: BenchResult) -> [BenchCheck] {
    guard let updates = result.figure(.mixedUpdate, clients: figure.clients) else { return [] }
    return [check(figure, .p50, figure.times.p50, updates.times.p50, "the updates beside them")]
  }

  private static func watch(_ figure: BenchFigure) -> [BenchCheck] {
    let bound = perHandOver + perWatcher * figure.clients
    return [check(figure, .p50, figure.times.p50, bound, "0.5 ms + 20 us x \(figure.clients)")]
  }

  private static func check(
    _ figure: BenchFigure, _ measure: BenchCheck.Measure, _ value: Int, _ bound: Int, _ reason: String
  ) -> BenchCheck {
    BenchCheck(
      workload: figure.kind.name, clients: figure.clients, measure: measure, value: value, bound: bound, reason: reason)
  }
}
