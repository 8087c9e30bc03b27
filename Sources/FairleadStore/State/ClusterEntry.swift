// A cluster as it is kept in memory: encoded for the reply, with the few members that are needed without decoding it.

internal import ExactJSON
package import FairleadModel

/// Encoded, since that takes a third of the memory of the decoded value and is what `cluster.get` sends. A class, so that
/// copies of `CurrentState` share it.
package final class ClusterEntry: Sendable {
  /// The cluster as the wire encodes it.
  package let text: [UInt8]
  /// The number of the change that last updated it.
  package let updatedSeq: Int
  package let deleted: Bool
  /// The confirmation that it waits for, with the members that the wire leaves out.
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

  /// Decodes the cluster. Throws `corrupt` where its row holds what no daemon writes.
  package func cluster(named key: ClusterKey) throws(LedgerError) -> Cluster { try cluster(folded: key.folded) }

  /// The same, by the folded key.
  package func cluster(folded: String) throws(LedgerError) -> Cluster {
    var cluster: Cluster = try decoding("the row of \(folded) in the table cluster", text) { (json) throws(Refusal) in
      try Cluster(JSONObjectDecoder(json, allowedKeys: nil))
    }
    cluster.pendingConfirm = pendingConfirm
    return cluster
  }
}
