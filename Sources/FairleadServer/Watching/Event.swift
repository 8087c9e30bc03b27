// A change as watchers are told of it: encoded once, and shared by all of them.

internal import FairleadModel

final class Event: Sendable {
  let seq: Int
  private let kind: ResourceKind
  private let cluster: Cluster?
  /// The members of the notification's params behind `subscription`, and the end of the line.
  let tail: [UInt8]

  init(_ change: Change) {
    seq = change.seq
    kind = change.kind
    cluster = change.effects.cluster
    tail = change.text.dropFirst() + Array("}\n".utf8)
  }

  func passes(_ filter: WatchFilter) -> Bool { filter.passes(kind, cluster) }

  /// What stands before `tail` in a watch's lines.
  static func head(subscription: Int) -> [UInt8] {
    Array(#"{"jsonrpc":"2.0","method":"change.event","params":{"subscription":\#(subscription),"#.utf8)
  }
}
