// The tables of a comparison as Markdown, ready for docs/performance.md.

enum ComparisonText {
  static func report(_ rounds: [Round], _ peers: [String], _ payload: Payload) -> String {
    let sync = rounds.map { Double($0.sync) / 1000 }.median
    let inPlace = rounds.map { Double($0.syncInPlace) / 1000 }.median
    var lines = [
      "\(Machine.date), \(Machine.text). Medians of \(rounds.count) rounds; one fdatasync of 4 KiB takes "
        + "\(sync.text(0)) us where the file grows, \(inPlace.text(0)) us where it is written over. A record has \(payload.record.utf8.count) bytes, a head \(payload.state.utf8.count).",
      "", "| | " + Work.allCases.map(\.rawValue).joined(separator: " | ") + " |",
      "|---|" + Work.allCases.map { _ in "---|" }.joined(),
    ]
    let names = peers + ["SQLite alone", "SQLite alone, groups of 64", Comparison.generator]
    for name in names {
      lines.append("| \(name) | " + Work.allCases.map { cell($0, name, rounds) }.joined(separator: " | ") + " |")
    }
    lines += ["", "| whole process | median |", "|---|---|"]
    for name in Set(rounds.flatMap(\.process.keys)).sorted() {
      let times = rounds.compactMap { $0.process[name] }.map { Double($0) / 1000 }
      lines.append("| `\(name)` | \(times.median.text(2)) ms |")
    }
    lines += ["", "| ratio | goal | median | |", "|---|---|---|---|"]
    lines += Goal.all.map { $0.row(rounds) }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ work: Work, _ name: String, _ rounds: [Round]) -> String {
    let rates = rounds.compactMap { $0.perSecond[name]?[work] }
    let medians = rounds.compactMap { $0.median[name]?[work] }.map { Double($0) / 1000 }
    guard !rates.isEmpty else { return "-" }
    return "\(thousands(rates.median))/s, \(thousands(medians.median)) us"
  }

  private static func thousands(_ value: Double) -> String {
    let digits = value.text(0)
    guard digits.count > 3 else { return digits }
    return digits.prefix(digits.count - 3) + "," + digits.suffix(3)
  }

  /// A program with the words that say what it does: `redis-cli GET`.
  static func processName(_ program: String, _ arguments: [String]) -> String {
    let verbs: Set<String> = ["show", "GET", "get", "--version"]
    let name = program.split(separator: "/").last.map(String.init) ?? program
    return ([name] + arguments.filter(verbs.contains)).joined(separator: " ")
  }
}
