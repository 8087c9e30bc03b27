// What memory knows about a cluster.

package enum ClusterLookup: Sendable {
  /// Its entry; `nil` where there is no such cluster.
  case entry(ClusterEntry?)
  /// The warm-up has not read it yet: the file has the answer.
  case notLoaded
}
