// What the registry answers to reads: heads from memory, lists and history from a snapshot of the file.

package import FairleadModel
internal import FairleadStore

extension Registry {
  /// A cluster as it is now, encoded as the wire carries it. Of a cluster that is not loaded yet it reads the file.
  package func clusterText(_ key: ClusterKey) throws(Refusal) -> [UInt8] { try current(key).text }

  /// The same, without a look into the file; `nil` where it takes one.
  package func loadedClusterText(_ key: ClusterKey) throws(Refusal) -> [UInt8]? {
    guard case .entry(let head) = published.heads.cluster(key) else { return nil }
    return try existing(head, key).text
  }

  package func cluster(_ key: ClusterKey, _ moment: ClusterMoment) throws(Refusal) -> Cluster {
    let heads = published.heads
    return try reading { reader in
      switch moment {
      case .now: return try self.existing(try heads.cluster(key, in: reader), key).cluster()
      case .revision(let number):
        guard let revision = try reader.revision(number, of: key) else {
          throw try self.missing(revision: number, of: key, reader)
        }
        return try self.state(after: revision.seq, key, reader)
      case .at(let time):
        guard let change = try reader.change(of: key, at: time), let cluster = change.effects.cluster else {
          guard let head = try reader.cluster(key), let first = try reader.revision(1, of: key) else {
            throw try self.missing(key, reader)
          }
          throw Refusal(
            .notFound, "cannot show \(head.key.display) at \(time.text): its first record is of \(first.at.text)")
        }
        return cluster
      }
    }
  }

  package func clusters(_ filter: ClusterFilter, _ page: Page<String>) throws(Refusal) -> Listing<Cluster, String> {
    try reading { reader in
      let rows = try reader.clusters(filter, after: page.after, limit: page.limit + 1)
      return Listing(rows: rows, limit: page.limit) { $0.key.folded }
    }
  }

  package func history(_ key: ClusterKey, _ page: Page<Int>) throws(Refusal) -> Listing<Revision, Int> {
    try reading { reader in
      guard try reader.cluster(key) != nil else { throw try self.missing(key, reader) }
      let rows = try reader.revisions(of: key, before: page.after, limit: page.limit + 1)
      return Listing(rows: rows, limit: page.limit) { $0.revision }
    }
  }

  package func diff(_ key: ClusterKey, from: Int?, to: Int?) throws(Refusal) -> RevisionDiff {
    try reading { reader in
      guard let head = try reader.cluster(key) else { throw try self.missing(key, reader) }
      let newer = to ?? head.revision
      let older = from ?? newer - 1
      guard older >= 1 else {
        throw Refusal(.notFound, "cannot diff \(head.key.display): there is no revision before revision 1")
      }
      func revision(_ number: Int) throws -> Revision {
        guard let revision = try reader.revision(number, of: key) else {
          throw try self.missing(revision: number, of: key, reader)
        }
        return revision
      }
      return RevisionDiff(key: head.key, from: try revision(older), to: try revision(newer))
    }
  }

  /// A feature that nobody ever asked for is NotRegistered, as Azure has it.
  package func feature(_ key: FeatureKey) -> Feature {
    published.heads.feature(key)
      ?? Feature(key: key, state: .notRegistered, propagated: false, since: .epoch, updatedSeq: 0)
  }

  package func features(
    _ filter: RegistrationFilter, _ page: Page<String>
  ) throws(Refusal) -> Listing<Feature, String> {
    try reading { reader in
      let rows = try reader.features(filter, after: page.after, limit: page.limit + 1)
      return Listing(rows: rows, limit: page.limit) { $0.key.folded }
    }
  }

  package func provider(_ key: ProviderKey) -> Provider {
    published.heads.provider(key) ?? Provider(key: key, state: .notRegistered, since: .epoch, updatedSeq: 0)
  }

  package func providers(
    _ filter: RegistrationFilter, _ page: Page<String>
  ) throws(Refusal) -> Listing<Provider, String> {
    try reading { reader in
      let rows = try reader.providers(filter, after: page.after, limit: page.limit + 1)
      return Listing(rows: rows, limit: page.limit) { $0.key.folded }
    }
  }

  package func clientExtension(_ name: String) throws(Refusal) -> ClientExtension {
    guard let head = published.heads.clientExtension(name) else {
      throw Refusal(
        .notFound,
        "cannot show the extension \(name): it is not on record; 'fairlead extension add --name \(name)' adds it")
    }
    return head
  }

  package func clientExtensions(_ page: Page<String>) throws(Refusal) -> Listing<ClientExtension, String> {
    try reading { reader in
      let rows = try reader.clientExtensions(after: page.after, limit: page.limit + 1)
      return Listing(rows: rows, limit: page.limit) { $0.name.folded }
    }
  }

  package func change(seq: Int) throws(Refusal) -> Change {
    try reading { reader in
      guard let change = try reader.change(seq: seq) else {
        throw Refusal(.notFound, "cannot show change \(seq): the last one is \(try reader.logEnd().seq)")
      }
      return change
    }
  }

  package func changes(_ filter: ChangeFilter, _ page: Page<Int>) throws(Refusal) -> Listing<Change, Int> {
    try reading { reader in
      let rows = try reader.changes(filter, after: page.after ?? 0, limit: page.limit + 1)
      return Listing(rows: rows, limit: page.limit) { $0.seq }
    }
  }

  /// The number of the last change.
  package var head: Int { published.heads.seq }

  package var databasePath: String { ledger.path }

  /// Runs `body` on a snapshot of the file. What it saw is published before this returns, so that nobody who reads here
  /// and then from memory goes back in time.
  private func reading<Value>(_ body: (LedgerReader) throws -> Value) throws(Refusal) -> Value {
    try answering {
      let (value, head) = try self.ledger.read { (try body($0), try $0.logEnd().seq) }
      if head > self.published.heads.seq { self.ledger.waitForPublication() }
      return value
    }
  }

  /// Runs `body`, a dry run, on the heads that are published and the history in the file.
  func onGround<Value>(_ body: (Ground) throws -> Value) throws -> Value {
    while true {
      let result: Result<Value, any Error>? = try ledger.read { reader in
        let head = try reader.logEnd().seq
        if head > published.heads.seq { ledger.waitForPublication() }
        let heads = published.heads
        // More may have been published meanwhile, whose history a newer snapshot has.
        guard heads.seq <= head else { return nil }
        return Result { try body(Ground(heads: heads, history: reader, awaitsReverts: true)) }
      }
      if let result { return try result.get() }
    }
  }

  private func state(after seq: Int, _ key: ClusterKey, _ reader: LedgerReader) throws -> Cluster {
    guard let cluster = try reader.change(seq: seq)?.effects.cluster else { throw try missing(key, reader) }
    return cluster
  }

  /// The head of a cluster that exists.
  private func current(_ key: ClusterKey) throws(Refusal) -> ClusterEntry {
    let heads = published.heads
    if case .entry(let head) = heads.cluster(key) { return try existing(head, key) }
    // The snapshot is taken after the heads, and so has all that they have. What it has beyond them is waited for.
    return try existing(try reading { try heads.cluster(key, in: $0) }, key)
  }

  private func existing(_ head: ClusterEntry?, _ key: ClusterKey) throws(Refusal) -> ClusterEntry {
    if let head, !head.deleted { return head }
    throw try answering { .missing(key, head: try head?.cluster(), to: "find") }
  }

  private func missing(_ key: ClusterKey, _ reader: LedgerReader) throws -> Refusal {
    .missing(key, head: try reader.cluster(key), to: "find")
  }

  private func missing(revision: Int, of key: ClusterKey, _ reader: LedgerReader) throws -> Refusal {
    guard let head = try reader.cluster(key) else { return try missing(key, reader) }
    return Refusal(
      .notFound, "cannot find revision \(revision) of \(head.key.display): it has revisions 1 to \(head.revision)")
  }
}

extension Timestamp {
  /// Since ever: the state of what nobody ever touched.
  fileprivate static let epoch = Timestamp(milliseconds: 0)
}
