// The log alone: dense, requested, and the same in the file, its audit view and the daemon's answers.

internal import ExactJSON

extension Verifier {
  mutating func checkLog() {
    for (entry, expected) in zip(history.log, (history.base + 1)...) where entry.seq != expected {
      report(.gapInLog, [], "the log has change \(entry.seq) in the place of change \(expected)")
      break
    }
    for entry in index.all where !entry.isDaemonsOwn {
      guard let message = entry.message, requests[message] != nil else {
        report(.strangeChange, [], "the log has \(entry.title), which nobody asked for")
        continue
      }
    }
    for (message, entries) in recorded.sorted(by: { $0.key < $1.key }) where entries.count > 1 {
      let places = entries.map { "\($0.seq)" }.joined(separator: " and ")
      report(
        .recordedTwice, requests[message]?.map(\.id) ?? [], "one change, '\(message)', stands in the log as \(places)")
    }
    checkSides()
  }

  /// The file, its audit view and the daemon agree.
  private mutating func checkSides() {
    if history.audited != history.log.map(\.seq) {
      let rows = Dictionary(grouping: history.audited) { $0 }.mapValues(\.count)
      let wrong = history.log.map(\.seq).first { rows[$0] != 1 } ?? history.audited.first { $0 > index.lastSeq }
      report(
        .auditDiffers, [],
        "audit_log has \(rows[wrong ?? 0] ?? 0) rows for change \(wrong ?? 0), and \(history.audited.count) for "
          + "\(history.log.count) changes")
    }
    guard history.listed.count == history.log.count else {
      report(
        .auditDiffers, [], "the daemon lists \(history.listed.count) changes, and the file has \(history.log.count)")
      return
    }
    for (listed, entry) in zip(history.listed, history.log) where listed.canonical != entry.change {
      report(
        .auditDiffers, [], "the daemon lists \(listed.text) for \(entry.title), and the file has \(entry.change.text)")
    }
  }
}
