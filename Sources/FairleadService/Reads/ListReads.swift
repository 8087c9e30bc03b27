// Lists, page by page: registrations from memory, the rest from the file.

internal import ExactJSON
package import FairleadModel
internal import FairleadStore

extension Registry {
  /// Changes of one step: each is a record of some KiB, to be decoded and encoded again. Revisions are a tenth of that.
  private static let (changesPerStep, revisionsPerStep) = (16, 64)

  package func clusters(_ filter: ClusterFilter, _ page: Page<String>) -> any PageInProgress {
    ClusterPage(filter, page, corrections: { self.published.state.corrections }) { (body) throws(Refusal) in
      try self.readFile(body)
    }
  }

  package func changes(_ filter: ChangeFilter, _ page: Page<Int>) -> any PageInProgress {
    RowPage(page, rowsPerStep: Self.changesPerStep, json: JSON.integer) { (after, limit) throws(Refusal) in
      try self.readFile { reader in
        let changes = try reader.changes(filter, after: after ?? 0, limit: limit)
        if changes.isEmpty, let after {
          let last = try reader.logEnd().seq
          guard after <= last else { throw Refusal.pastTheEnd("change \(after)", last: last == 0 ? nil : last) }
        }
        return changes.map { ($0.seq, $0.text) }
      }
    }
  }

  /// Newest first; the cursor is a revision's number.
  package func history(_ key: ClusterKey, _ page: Page<Int>) -> any PageInProgress {
    RowPage(page, rowsPerStep: Self.revisionsPerStep, json: JSON.integer) { (after, limit) throws(Refusal) in
      let state = self.published.state
      return try self.readFile { reader in
        guard let current = try state.cluster(key, in: reader)?.cluster(named: key) else {
          throw try self.missing(key, state, reader)
        }
        // The snapshot may have revisions that are newer than the state, but none that are older.
        let rows = try reader.revisions(of: key, before: after, limit: limit)
        if let after, after > current.revision {
          let last = try reader.revisions(of: key, before: nil, limit: 1).first?.revision ?? current.revision
          guard after <= last else {
            throw Refusal.pastTheEnd("revision \(after) of \(current.key.display)", last: last)
          }
        }
        if after == nil, rows.first?.revision ?? 0 < current.revision, try reader.logEnd().seq >= state.seq {
          throw reader.missing(revision: current.revision, of: key)
        }
        return rows.map { ($0.revision, $0.text) }
      }
    }
  }

  // Registrations are few, and all of them are in memory.

  package func features(_ filter: RegistrationFilter, _ page: Page<String>) -> any PageInProgress {
    MemoryPage(page) {
      self.published.state.features(filter).map { ($0.key.folded, $0) }
    } text: {
      $0.text
    }
  }

  package func providers(_ filter: RegistrationFilter, _ page: Page<String>) -> any PageInProgress {
    MemoryPage(page) {
      self.published.state.providers(filter).map { ($0.key.folded, $0) }
    } text: {
      $0.text
    }
  }

  package func clientExtensions(_ page: Page<String>) -> any PageInProgress {
    MemoryPage(page) {
      self.published.state.clientExtensions.map { ($0.name.folded, $0) }
    } text: {
      $0.text
    }
  }
}

extension Refusal {
  /// A cursor that no page can have answered. An empty page would say that the list ends there.
  fileprivate static func pastTheEnd(_ cursor: String, last: Int?) -> Refusal {
    .invalid(
      "after",
      "cannot list what comes after \(cursor): " + (last.map { "the last one is \($0)" } ?? "there is none yet"))
  }
}
