// Reads of one cluster: its current state from memory, earlier ones from the file.

package import FairleadModel
internal import FairleadStore

extension Registry {
  /// A cluster's current state, encoded for the wire. Reads the file if the cluster is not in memory yet.
  package func clusterText(_ key: ClusterKey) throws(Refusal) -> [UInt8] { try currentEntry(key).text }

  /// The same from memory only; `nil` if the cluster is not in memory, or not there at all: to look for the one that may be
  /// meant takes longer than the event loop has for a request.
  package func loadedClusterText(_ key: ClusterKey) throws(Refusal) -> [UInt8]? {
    guard case .entry(let entry?) = published.state.cluster(key) else { return nil }
    return try existing(entry, key, published.state).text
  }

  package func cluster(_ key: ClusterKey, _ moment: ClusterMoment) throws(Refusal) -> Cluster {
    let state = published.state
    return try readFile { reader in
      switch moment {
      case .now: return try self.existing(try state.cluster(key, in: reader), key, state).cluster(named: key)
      case .revision(let number):
        guard let revision = try reader.revision(number, of: key) else {
          throw try self.missing(revision: number, of: key, state, reader)
        }
        guard let cluster = try reader.change(seq: revision.seq)?.effects.cluster else {
          throw try self.missing(key, state, reader)
        }
        return cluster
      case .at(let time):
        guard let change = try reader.change(of: key, at: time), let cluster = change.effects.cluster else {
          guard let current = try state.cluster(key, in: reader)?.cluster(named: key),
            let first = try reader.revision(1, of: key)
          else {
            throw try self.missing(key, state, reader)
          }
          throw Refusal(
            .notFound, "cannot show \(current.key.display) at \(time.text): its first record is of \(first.at.text)")
        }
        return cluster
      }
    }
  }

  package func diff(_ key: ClusterKey, from: Int?, to: Int?) throws(Refusal) -> RevisionDiff {
    let state = published.state
    return try readFile { reader in
      guard let current = try state.cluster(key, in: reader)?.cluster(named: key) else {
        throw try self.missing(key, state, reader)
      }
      let newer = to ?? current.revision
      let older = from ?? newer - 1
      guard older >= 1 else {
        throw Refusal(.notFound, "cannot diff \(current.key.display): there is no revision before revision 1")
      }
      func revision(_ number: Int) throws -> Revision {
        guard let revision = try reader.revision(number, of: key) else {
          throw try self.missing(revision: number, of: key, state, reader)
        }
        return revision
      }
      return RevisionDiff(key: current.key, from: try revision(older), to: try revision(newer))
    }
  }

  /// Runs `body` on a snapshot of the file.
  func readFile<Value>(_ body: (LedgerReader) throws -> Value) throws(Refusal) -> Value {
    try incidents.answering { try published.readFile(body) }
  }

  private func currentEntry(_ key: ClusterKey) throws(Refusal) -> ClusterEntry {
    let state = published.state
    if case .entry(let entry) = state.cluster(key) { return try existing(entry, key, state) }
    // The snapshot is taken after the state was copied, so it is not older than the state.
    return try existing(try readFile { try state.cluster(key, in: $0) }, key, state)
  }

  private func existing(
    _ entry: ClusterEntry?, _ key: ClusterKey, _ state: CurrentState
  ) throws(Refusal) -> ClusterEntry {
    if let entry, !entry.deleted { return entry }
    throw try incidents.answering {
      .missing(key, current: try entry?.cluster(named: key), to: "find", nearest: state.nearest(to: key))
    }
  }

  func missing(_ key: ClusterKey, _ state: CurrentState, _ reader: LedgerReader) throws -> Refusal {
    .missing(
      key, current: try state.cluster(key, in: reader)?.cluster(named: key), to: "find", nearest: state.nearest(to: key)
    )
  }

  private func missing(
    revision: Int, of key: ClusterKey, _ state: CurrentState, _ reader: LedgerReader
  ) throws -> Refusal {
    guard let current = try state.cluster(key, in: reader)?.cluster(named: key) else {
      return try missing(key, state, reader)
    }
    return Refusal(
      .notFound, "cannot find revision \(revision) of \(current.key.display): it has revisions 1 to \(current.revision)"
    )
  }
}
