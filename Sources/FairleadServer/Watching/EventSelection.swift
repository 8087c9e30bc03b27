// What one watch selects, prepared once so that each event is compared with it in nanoseconds.

internal import FairleadModel

/// Shared by the copies of a watch.
final class EventSelection: Sendable {
  let filter: WatchFilter
  /// What each line of the watch begins with.
  let linePrefix: [UInt8]
  /// Bytes of the labels that the daemon keeps for it.
  let labelBytes: Int
  private let labels: LabelHashes

  init(_ filter: WatchFilter, subscription: Int) {
    self.filter = filter
    labels = LabelHashes(filter.labels)
    labelBytes = filter.labels.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    linePrefix = Event.prefix(subscription: subscription)
  }

  /// Whether the event passes. `missing` is a label that the event before lacked: one cluster's changes mostly lack the same.
  func passes(_ event: Event, missing: inout Int?) -> Bool {
    if let missing, !event.labels.contains(missing) { return false }
    missing = labels.firstMissing(in: event.labels)
    return missing == nil && event.passes(filter)
  }
}
