// A cluster's head as it is kept in memory: its answer, encoded, and what has to be known without decoding it.

internal import ExactJSON
package import FairleadModel

/// Encoded, since that is a third of the memory of the decoded value and what `cluster.get` sends. A class, so that the
/// copies of `CurrentState` share it.
package final class ClusterEntry: Sendable {
  /// The cluster in the wire's shape.
  package let text: [UInt8]
  /// The change that last moved it.
  package let updatedSeq: Int
  package let deleted: Bool
  /// What it waits for, with what the wire does not show of it.
  package let pendingConfirm: PendingConfirm?

  init(text: [UInt8], updatedSeq: Int, deleted: Bool, pendingConfirm: PendingConfirm?) {
    self.text = text
    self.updatedSeq = updatedSeq
    self.deleted = deleted
    self.pendingConfirm = pendingConfirm
  }

  convenience init(_ cluster: Cluster) {
    self.init(
      text: cluster.text, updatedSeq: cluster.updatedSeq, deleted: cluster.deleted,
      pendingConfirm: cluster.pendingConfirm)
  }

  /// The cluster itself. Throws where the file holds what no daemon writes.
  package func cluster() throws(LedgerError) -> Cluster {
    var cluster: Cluster = try decoding(text) { (json) throws(Refusal) in
      try Cluster(JSONObjectDecoder(json, allowedKeys: nil))
    }
    cluster.pendingConfirm = pendingConfirm
    return cluster
  }
}
