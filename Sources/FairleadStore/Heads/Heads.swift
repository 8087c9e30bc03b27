// The heads of everything after a change: what plans are made on, and what most reads are answered from.

package import FairleadModel
internal import HashTreeCollections

/// A value that shares its parts: a copy costs a few reference counts, and moving one head of 100,000 copies the path to
/// it alone. History stays in the file.
package struct Heads: Sendable {
  /// The last change that is in it, and its time; 0 and `nil` before the first.
  package private(set) var seq = 0
  package private(set) var at: Timestamp?
  /// By folded key. Kept in a tree whose copies share what is the same.
  private var clusters: TreeDictionary<String, ClusterHead> = [:]
  private var features: [String: Feature] = [:]
  private var providers: [String: Provider] = [:]
  private var extensions: [String: ClientExtension] = [:]
  /// The registration step that is due first: the one with the earliest time, and of several the first that was asked for.
  package private(set) var nextSettle: (noun: Noun, pending: PendingSettle)?

  /// Those of an empty log.
  package static let empty = Heads()

  private init() {}

  // MARK: Looking

  package func cluster(_ key: ClusterKey) -> ClusterHead? { clusters[key.folded] }
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
    if let cluster = effects.cluster { clusters[cluster.key.folded] = ClusterHead(cluster) }
    for feature in effects.features { features[feature.key.folded] = feature }
    if let provider = effects.provider { providers[provider.key.folded] = provider }
    if let clientExtension = effects.extension { extensions[clientExtension.name.folded] = clientExtension }
    if !effects.features.isEmpty || effects.provider != nil { nextSettle = earliestSettle() }
  }

  private func earliestSettle() -> (noun: Noun, pending: PendingSettle)? {
    let steps: [(noun: Noun, pending: PendingSettle)] =
      features.values.compactMap { head in head.pending.map { (.feature(head), $0) } }
      + providers.values.compactMap { head in head.pending.map { (.provider(head), $0) } }
    return steps.min { ($0.pending.dueAt, $0.pending.requestedSeq) < ($1.pending.dueAt, $1.pending.requestedSeq) }
  }
}

extension LedgerReader {
  /// The heads as the file has them. Takes a fraction of a second for 100,000 clusters.
  package func heads() throws -> Heads { try Heads(self) }
}

extension Heads {
  fileprivate init(_ reader: LedgerReader) throws {
    let head = try reader.head()
    seq = head.seq
    at = head.at
    try reader.clusterHeads { clusters[$0] = $1 }
    features = Dictionary(uniqueKeysWithValues: try reader.allFeatures().map { ($0.key.folded, $0) })
    providers = Dictionary(uniqueKeysWithValues: try reader.allProviders().map { ($0.key.folded, $0) })
    extensions = Dictionary(uniqueKeysWithValues: try reader.allExtensions().map { ($0.name.folded, $0) })
    nextSettle = earliestSettle()
  }
}
