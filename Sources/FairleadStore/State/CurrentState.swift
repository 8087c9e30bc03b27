// The heads of everything after a change: what plans are made on, and what most reads are answered from.

package import FairleadModel
internal import HashTreeCollections

/// A value that shares its parts: a copy costs a few reference counts, and moving one head of 100,000 copies the path to
/// it alone. History stays in the file, and so do clusters that are not loaded yet.
package struct CurrentState: Sendable {
  /// The last change that is in it, and its time; 0 and `nil` before the first.
  package private(set) var seq = 0
  package private(set) var at: Timestamp?
  /// The last change of the log when these heads were begun, while only the clusters that changed since are in memory; `nil`
  /// once all are.
  private(set) var loadingSince: Int?
  /// By folded key. Kept in a tree whose copies share what is the same.
  private(set) var clusters: TreeDictionary<String, ClusterEntry> = [:]
  private var features: [String: Feature] = [:]
  private var providers: [String: Provider] = [:]
  private var extensions: [String: ClientExtension] = [:]
  /// The registration step that is due first: the one with the earliest time, and of several the first that was asked for.
  package private(set) var nextSettle: (resource: Resource, pending: PendingSettle)?

  /// Those of an empty log.
  package static let empty = CurrentState()

  private init() {}

  // MARK: Looking

  /// The head of a cluster, deleted or not, as far as memory knows it.
  package func cluster(_ key: ClusterKey) -> ClusterLookup {
    let head = clusters[key.folded]
    return head == nil && !isComplete ? .notLoaded : .entry(head)
  }

  /// The head of a cluster, deleted or not: of memory, or of the file where it is not loaded yet. It has not changed since
  /// the loading began, so that a file that is not behind these heads has it as they would.
  package func cluster(_ key: ClusterKey, in reader: LedgerReader) throws -> ClusterEntry? {
    switch cluster(key) {
    case .entry(let head): head
    case .notLoaded: try reader.clusterEntry(key)
    }
  }

  /// Whether every cluster is in memory.
  package var isComplete: Bool { loadingSince == nil }

  package func feature(_ key: FeatureKey) -> Feature? { features[key.folded] }
  package func provider(_ key: ProviderKey) -> Provider? { providers[key.folded] }
  package func clientExtension(_ name: String) -> ClientExtension? { extensions[name.folded] }

  /// The features under a provider, by name.
  package func features(of key: ProviderKey) -> [Feature] {
    features.filter { $0.value.key.provider.folded == key.folded }.sorted { $0.key < $1.key }.map(\.value)
  }

  // MARK: Moving on

  /// Takes what a change did. `change.seq` is the next number.
  package mutating func apply(_ change: Change) {
    seq = change.seq
    at = change.at
    let effects = change.effects
    if let cluster = effects.cluster { clusters[cluster.key.folded] = ClusterEntry(cluster) }
    for feature in effects.features { features[feature.key.folded] = feature }
    if let provider = effects.provider { providers[provider.key.folded] = provider }
    if let clientExtension = effects.extension { extensions[clientExtension.name.folded] = clientExtension }
    if !effects.features.isEmpty || effects.provider != nil { nextSettle = earliestSettle() }
  }

  /// Takes what was loaded, under all that changed since it caught up. A load that is not whole, or of other heads, is left.
  package mutating func merge(_ load: Warmup) {
    guard load.isComplete, load.since == loadingSince else { return }
    var whole = load.clusters
    for (folded, head) in clusters where head.updatedSeq > load.seq { whole[folded] = head }
    clusters = whole
    loadingSince = nil
  }

  private func earliestSettle() -> (resource: Resource, pending: PendingSettle)? {
    let steps: [(resource: Resource, pending: PendingSettle)] =
      features.values.compactMap { head in head.pending.map { (.feature(head), $0) } }
      + providers.values.compactMap { head in head.pending.map { (.provider(head), $0) } }
    return steps.min { ($0.pending.dueAt, $0.pending.requestedSeq) < ($1.pending.dueAt, $1.pending.requestedSeq) }
  }
}

extension CurrentState {
  /// The heads as the file has them, but for the clusters, of which none is in memory.
  init(_ reader: LedgerReader) throws {
    let head = try reader.logEnd()
    seq = head.seq
    at = head.at
    loadingSince = head.seq
    features = Dictionary(uniqueKeysWithValues: try reader.allFeatures().map { ($0.key.folded, $0) })
    providers = Dictionary(uniqueKeysWithValues: try reader.allProviders().map { ($0.key.folded, $0) })
    extensions = Dictionary(uniqueKeysWithValues: try reader.allExtensions().map { ($0.name.folded, $0) })
    nextSettle = earliestSettle()
  }
}
