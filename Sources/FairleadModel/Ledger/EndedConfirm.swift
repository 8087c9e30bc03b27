// What became of a change that waited to be confirmed.

/// How a wait ended, for a confirm that comes when nothing waits.
package enum EndedConfirm: Sendable, Hashable {
  /// What waited, and the change that ended the wait.
  case ended(PendingConfirm, by: Change)
  /// The change that the request names has never waited, or no change of the cluster has.
  case never
  /// The request names no change, and none of the cluster's last `Limits.endedConfirmChanges` changes waited. Earlier ones were
  /// not looked at.
  case notAmongTheLast
}
