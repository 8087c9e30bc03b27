// What `fairlead bench` measured, as rows and sentences.

internal import FairleadModel

enum BenchText {
  static let columns: [Column<BenchFigure>] = [
    Column("Workload", "WORKLOAD") { $0.kind.name }, Column("Clients", "CLIENTS") { "\($0.clients)" },
    Column("PerSecond", "PER SECOND") { "\(Int($0.perSecond.rounded()))" }, Column("P50", "P50") { time($0.times.p50) },
    Column("P90", "P90") { time($0.times.p90) }, Column("P99", "P99") { time($0.times.p99) },
    Column("P99.9", "P99.9") { time($0.times.p999) }, Column("Max", "MAX") { time($0.times.max) },
  ]

  static func text(_ result: BenchResult, _ checks: [BenchCheck]?, _ layout: Layout) -> String {
    let whose = result.socket.map { "on \($0)" } ?? "of its own"
    let disk = result.sync.map { "one fdatasync takes \(time($0.p50)), p99 \(time($0.p99))" } ?? "no disk was measured"
    var text = "fairleadd \(sanitized(result.version)) \(sanitized(whose)); \(disk)\n\n"
    text += Table(result.figures, columns, for: .text).text(.text, layout)
    guard let checks else { return text }
    let style = Style(layout)
    text += "\n"
    for check in checks { text += "\(style.bold(check.passed ? "pass" : "FAIL"))  \(sentence(check))\n" }
    return text
  }

  static func sentence(_ check: BenchCheck) -> String {
    let subject = "\(check.workload), \(check.clients) client\(check.clients == 1 ? "" : "s"):"
    return switch check.measure {
    case .perSecond: "\(subject) \(check.value)/s, at least \(check.bound)/s (\(check.reason))"
    case .p50: "\(subject) p50 \(time(check.value)), at most \(time(check.bound)) (\(check.reason))"
    case .p99: "\(subject) p99 \(time(check.value)), at most \(time(check.bound)) (\(check.reason))"
    }
  }

  /// Nanoseconds to three significant digits: `163 us`, `1.40 ms`, `2.10 s`.
  static func time(_ nanoseconds: Int) -> String {
    let (unit, name) =
      nanoseconds < 1_000_000 ? (1000, "us") : nanoseconds < 1_000_000_000 ? (1_000_000, "ms") : (1_000_000_000, "s")
    let whole = nanoseconds / unit
    let hundredths = nanoseconds % unit * 100 / unit
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole >= 100 { return "\(whole) \(name)" }
    if whole >= 10 { return "\(whole).\(hundredths / 10) \(name)" }
    return "\(whole).\(two(hundredths)) \(name)"
  }
}
