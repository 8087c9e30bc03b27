// How the clusters of a large ledger come into memory after a start.

/// The first chunk is always read with the start. A ledger with fewer clusters needs no warm-up.
package enum WarmupPolicy: Sendable {
  /// By a background thread, so many clusters in one short read transaction.
  case background(chunk: Int)
  /// By whoever calls `Registry.continueWarmup`.
  case manual(chunk: Int)

  /// Clusters of one read: it takes milliseconds of one of the few reader connections.
  package static let defaultChunk = 256

  /// What a daemon does.
  package static let standard = background(chunk: defaultChunk)

  var chunk: Int {
    switch self {
    case .background(let chunk), .manual(let chunk): chunk
    }
  }
}
