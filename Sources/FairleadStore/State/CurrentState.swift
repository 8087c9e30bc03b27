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
  /// By the folded keys of their providers, and then by their own.
  private var features: TreeDictionary<String, TreeDictionary<String, Feature>> = [:]
  private var providers: TreeDictionary<String, Provider> = [:]
  private(set) var extensions: TreeDictionary<String, ClientExtension> = [:]
  /// The registration steps that wait.
  private var settles = SettleQueue()
  /// What waited to be confirmed when the state was read from the file; `nil` for the state of an empty log.
  package private(set) var loadedConfirms: LoadedConfirms?

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

  package func feature(_ key: FeatureKey) -> Feature? { features[key.provider.folded]?[key.folded] }
  package func provider(_ key: ProviderKey) -> Provider? { providers[key.folded] }
  package func clientExtension(_ name: String) -> ClientExtension? { extensions[name.folded] }

  /// The features of a provider, by name.
  package func features(of key: ProviderKey) -> [Feature] {
    features[key.folded]?.sorted { $0.key < $1.key }.map(\.value) ?? []
  }

  /// Those that a filter asks for, in no order.
  package func features(_ filter: RegistrationFilter) -> [Feature] {
    features.values.flatMap { $0.values.filter { filter.passes($0.key.provider) } }
  }

  package func providers(_ filter: RegistrationFilter) -> [Provider] {
    providers.values.filter { filter.passes($0.key) }
  }

  package var clientExtensions: [ClientExtension] { Array(extensions.values) }

  /// The registration step that is due first: the earliest by time, then by the change that requested it.
  package var nextSettle: (resource: Resource, pending: PendingSettle)? {
    guard let (key, pending) = settles.first else { return nil }
    let resource: Resource? =
      switch key {
      case .feature(let key): feature(key).map(Resource.feature)
      case .provider(let key): provider(key).map(Resource.provider)
      }
    return resource.map { ($0, pending) }
  }

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
    for feature in effects.features { set(feature) }
    if let provider = effects.provider { set(provider) }
    if let clientExtension = effects.extension { extensions[clientExtension.name.folded] = clientExtension }
  }

  private mutating func set(_ feature: Feature) {
    let key = feature.key
    settles.replace(self.feature(key)?.pending, with: feature.pending, of: .feature(key))
    features[key.provider.folded, default: [:]][key.folded] = feature
  }

  private mutating func set(_ provider: Provider) {
    settles.replace(self.provider(provider.key)?.pending, with: provider.pending, of: .provider(provider.key))
    providers[provider.key.folded] = provider
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
    set(
      Array(registrations.features.values), Array(registrations.providers.values),
      Array(registrations.extensions.values))
  }

  /// Puts these in the place of all that it has.
  private mutating func set(_ features: [Feature], _ providers: [Provider], _ extensions: [ClientExtension]) {
    (self.features, self.providers, self.extensions, settles) = ([:], [:], [:], SettleQueue())
    for feature in features { set(feature) }
    for provider in providers { set(provider) }
    for clientExtension in extensions { self.extensions[clientExtension.name.folded] = clientExtension }
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
      state.set(try reader.allFeatures(), try reader.allProviders(), try reader.allExtensions())
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
