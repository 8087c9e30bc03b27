// A change as it is sent to watchers: encoded once, and shared by all of them.

internal import FairleadModel

final class Event: Sendable {
  let seq: Int
  private let kind: ResourceKind
  private let cluster: Cluster?
  /// Those of the cluster, as the change left it.
  let labels: LabelHashes
  /// The members of the notification's params after `subscription`, and the end of the line.
  let tail: [UInt8]

  init(_ change: Change) {
    seq = change.seq
    kind = change.kind
    cluster = change.effects.cluster
    labels = LabelHashes(change.effects.cluster?.labels.values ?? [:])
    tail = change.text.dropFirst() + Array("}\n".utf8)
  }

  func passes(_ filter: WatchFilter) -> Bool { filter.passes(kind, cluster) }

  /// What comes before `tail` in the lines of a watch.
  static func prefix(subscription: Int) -> [UInt8] {
    Array(#"{"jsonrpc":"2.0","method":"change.event","params":{"subscription":\#(subscription),"#.utf8)
  }
}
