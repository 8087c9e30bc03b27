// The current state after a change, in memory: plans are made on it, and most reads are answered from it.

package import FairleadModel
internal import HashTreeCollections

/// The materialised state of the log at one change. A value whose copies share their parts: copying costs a few reference
/// counts, and updating one cluster of 100,000 copies only the path to it. History stays in the file, and so do clusters that
/// the warm-up has not read yet.
package struct CurrentState: Sendable {
  /// The number and time of the last change in it; 0 and `nil` for an empty log.
  package private(set) var seq = 0
  package private(set) var at: Timestamp?
  /// While this state is incomplete: the log's last change when it was begun. Clusters that changed since are in memory,
  /// others may not be. `nil` once every cluster is in memory.
  private(set) var incompleteSince: Int?
  /// By folded key, deleted clusters included.
  private(set) var clusters: TreeDictionary<String, ClusterEntry> = [:]
  private var features: [String: Feature] = [:]
  private var providers: [String: Provider] = [:]
  private var extensions: [String: ClientExtension] = [:]
  /// What waited to be confirmed when the state was read from the file; `nil` for the state of an empty log.
  package private(set) var loadedConfirms: LoadedConfirms?
  /// The registration step that is due first: the earliest by time, then by the change that requested it.
  package private(set) var nextSettle: (resource: Resource, pending: PendingSettle)?

  /// The state of an empty log.
  package static let empty = CurrentState()

  private init() {}

  // MARK: Reading

  /// The entry of a cluster, deleted or not, if memory has it.
  package func cluster(_ key: ClusterKey) -> ClusterLookup {
    let entry = clusters[key.folded]
    return entry == nil && !isComplete && !corrections.contains(key.folded) ? .notLoaded : .entry(entry)
  }

  /// The entry of a cluster, deleted or not: from memory, or from the file if it is not loaded yet. A cluster that is not
  /// loaded has not changed since this state was begun, so every snapshot that is not older than this state has the same row.
  package func cluster(_ key: ClusterKey, in reader: LedgerReader) throws -> ClusterEntry? {
    switch cluster(key) {
    case .entry(let entry): entry
    case .notLoaded: try reader.clusterEntry(key)
    }
  }

  /// Whether every cluster is in memory.
  package var isComplete: Bool { incompleteSince == nil }

  package func feature(_ key: FeatureKey) -> Feature? { features[key.folded] }
  package func provider(_ key: ProviderKey) -> Provider? { providers[key.folded] }
  package func clientExtension(_ name: String) -> ClientExtension? { extensions[name.folded] }

  /// The features of a provider, by name.
  package func features(of key: ProviderKey) -> [Feature] {
    features.filter { $0.value.key.provider.folded == key.folded }.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Those that a filter asks for, in no order.
  package func features(_ filter: RegistrationFilter) -> [Feature] {
    features.values.filter { filter.passes($0.key.provider) }
  }

  package func providers(_ filter: RegistrationFilter) -> [Provider] {
    providers.values.filter { filter.passes($0.key) }
  }

  package var clientExtensions: [ClientExtension] { Array(extensions.values) }

  // MARK: Updating

  /// Applies a change's effects. `change.seq` must be the next number.
  package mutating func apply(_ change: Change) {
    seq = change.seq
    at = change.at
    let effects = change.effects
    if let cluster = effects.cluster {
      clusters[cluster.key.folded] = ClusterEntry(cluster)
      corrections.remove(cluster.key.folded)
    }
    for feature in effects.features { features[feature.key.folded] = feature }
    if let provider = effects.provider { providers[provider.key.folded] = provider }
    if let clientExtension = effects.extension { extensions[clientExtension.name.folded] = clientExtension }
    if !effects.features.isEmpty || effects.provider != nil { nextSettle = earliestSettle() }
  }

  /// Adds the clusters that a warm-up read; where both have a cluster, the newer entry stays. Does nothing with a warm-up that
  /// is incomplete or was begun for another state.
  package mutating func merge(_ warmup: Warmup) {
    guard warmup.isComplete, warmup.since == incompleteSince else { return }
    var all = warmup.clusters
    for (folded, entry) in clusters where entry.updatedSeq > warmup.seq { all[folded] = entry }
    corrections.apply(to: &all)
    clusters = all
    incompleteSince = nil
  }

  // MARK: Corrections

  /// The clusters whose rows in the file are not what the log says. Until such a cluster changes, which writes its row anew,
  /// memory answers for it.
  package private(set) var corrections = Corrections.none

  /// Puts what the log says in the place of a row that says something else; `nil` where the log has no such cluster.
  package mutating func correct(_ folded: String, _ entry: ClusterEntry?) {
    clusters[folded] = entry
    corrections.set(folded, entry)
  }

  /// The same for all registrations.
  package mutating func correct(_ registrations: LoggedRegistrations) {
    features = registrations.features
    providers = registrations.providers
    extensions = registrations.extensions
    nextSettle = earliestSettle()
  }

  private func earliestSettle() -> (resource: Resource, pending: PendingSettle)? {
    let steps: [(resource: Resource, pending: PendingSettle)] =
      features.values.compactMap { feature in feature.pending.map { (.feature(feature), $0) } }
      + providers.values.compactMap { provider in provider.pending.map { (.provider(provider), $0) } }
    return steps.min { ($0.pending.dueAt, $0.pending.requestedSeq) < ($1.pending.dueAt, $1.pending.requestedSeq) }
  }
}

extension CurrentState {
  /// The file's state without its clusters, none of which is in memory. Where the tables of the registrations are damaged, they
  /// are taken from the log, and the damage is returned.
  static func withoutClusters(_ reader: LedgerReader) throws -> (state: CurrentState, damage: LedgerError?) {
    let end = try reader.logEnd()
    var state = CurrentState()
    state.seq = end.seq
    state.at = end.at
    state.incompleteSince = end.seq
    var found: LedgerError?
    func damage(_ error: any Error) throws -> LedgerError {
      guard let damage = reader.damage(error) else { throw error }
      return damage
    }
    do {
      state.features = Dictionary(uniqueKeysWithValues: try reader.allFeatures().map { ($0.key.folded, $0) })
      state.providers = Dictionary(uniqueKeysWithValues: try reader.allProviders().map { ($0.key.folded, $0) })
      state.extensions = Dictionary(uniqueKeysWithValues: try reader.allExtensions().map { ($0.name.folded, $0) })
      state.nextSettle = state.earliestSettle()
      // A step that is due is recorded for good, perhaps before the tables are compared with the log.
      if state.nextSettle != nil { state.correct(try LoggedRegistrations(from: reader)) }
    } catch {
      found = try damage(error)
      state.correct(try LoggedRegistrations(from: reader))
    }
    do {
      state.loadedConfirms = LoadedConfirms(try reader.confirmDeadlines())
    } catch {
      found = try found ?? damage(error)
      // Rows that are damaged may be those that wait. Each is found when its cluster is read.
      state.loadedConfirms = LoadedConfirms([])
    }
    return (state, found)
  }
}
