// The final log as a sequence of moments, and the moments at which each state was current.

internal import ExactJSON

/// A moment is the number of the last change recorded by then: `base` before the first of the run, `lastSeq` after the last. A
/// state was current during ranges of moments.
struct LogIndex {
  let base: Int
  let lastSeq: Int
  private let entries: [LogEntry]
  /// The changes of each cluster, in order.
  private let byCluster: [String: [LogEntry]]

  /// `log` is dense from `base` on; what follows a gap is cut off, and the gap is a violation.
  init(_ log: [LogEntry], base: Int) {
    self.base = base
    entries = Array(zip(log, (base + 1)...).prefix { $0.0.seq == $0.1 }.map(\.0))
    lastSeq = base + entries.count
    byCluster = Dictionary(grouping: entries.filter { $0.cluster != nil }) { $0.cluster ?? "" }
  }

  subscript(seq: Int) -> LogEntry? { seq > base && seq <= lastSeq ? entries[seq - base - 1] : nil }

  var all: [LogEntry] { entries }
  var clusters: [String] { byCluster.keys.sorted() }

  func entries(of cluster: String) -> [LogEntry] { byCluster[cluster] ?? [] }

  /// The change of the same cluster before this one.
  func previous(_ entry: LogEntry) -> LogEntry? {
    guard let cluster = entry.cluster, let index = place(entry.seq, in: cluster), index > 0 else { return nil }
    return byCluster[cluster]?[index - 1]
  }

  /// When the state that change `seq` left behind was current.
  func span(of cluster: String, after seq: Int) -> ClosedRange<Int>? {
    guard let index = place(seq, in: cluster), let own = byCluster[cluster] else { return nil }
    return seq...(index + 1 < own.count ? own[index + 1].seq - 1 : lastSeq)
  }

  /// When the cluster had revision `number`, a tombstone's included.
  func span(of cluster: String, revision number: Int) -> ClosedRange<Int>? {
    let own = entries(of: cluster).filter { $0.revision == number }
    guard let first = own.first, let last = own.last, let end = span(of: cluster, after: last.seq) else { return nil }
    return first.seq...end.upperBound
  }

  /// When the cluster existed, or did not.
  func spans(of cluster: String, exists: Bool) -> [ClosedRange<Int>] {
    let own = entries(of: cluster)
    var spans: [ClosedRange<Int>] = []
    if !exists { spans.append(base...((own.first?.seq ?? lastSeq + 1) - 1)) }
    for entry in own where entry.isDeleted != exists {
      if let span = span(of: cluster, after: entry.seq) { spans.append(span) }
    }
    return spans
  }

  /// When the cluster had no revision `number` yet.
  func span(of cluster: String, before number: Int) -> ClosedRange<Int> {
    let first = entries(of: cluster).first { ($0.revision ?? 0) >= number }
    return base...((first?.seq ?? lastSeq + 1) - 1)
  }

  private func place(_ seq: Int, in cluster: String) -> Int? {
    guard let own = byCluster[cluster] else { return nil }
    var low = 0
    var high = own.count
    while low < high {
      let middle = (low + high) / 2
      if own[middle].seq < seq { low = middle + 1 } else { high = middle }
    }
    return low < own.count && own[low].seq == seq ? low : nil
  }
}

/// The intersection of two sets of ranges.
func intersection(_ one: [ClosedRange<Int>], _ other: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
  one.flatMap { a in
    other.compactMap { b in
      let low = max(a.lowerBound, b.lowerBound)
      let high = min(a.upperBound, b.upperBound)
      return low <= high ? low...high : nil
    }
  }
}
