// Lists, page by page, from the file.

internal import ExactJSON
package import FairleadModel
internal import FairleadStore

extension Registry {
  /// Changes of one step: each is a record of some KiB, to be decoded and encoded again. Revisions are a tenth of that.
  private static let (changesPerStep, revisionsPerStep) = (16, 64)

  package func clusters(_ filter: ClusterFilter, _ page: Page<String>) -> any PageInProgress {
    ClusterPage(filter, page) { (body) throws(Refusal) in try self.readFile(body) }
  }

  package func changes(_ filter: ChangeFilter, _ page: Page<Int>) -> any PageInProgress {
    RowPage(page, rowsPerStep: Self.changesPerStep, json: JSON.integer) { (after, limit) throws(Refusal) in
      try self.readFile { reader in
        try reader.changes(filter, after: after ?? 0, limit: limit).map { ($0.seq, $0.text) }
      }
    }
  }

  /// Newest first; the cursor is a revision's number.
  package func history(_ key: ClusterKey, _ page: Page<Int>) -> any PageInProgress {
    RowPage(page, rowsPerStep: Self.revisionsPerStep, json: JSON.integer) { (after, limit) throws(Refusal) in
      try self.readFile { reader in
        guard try reader.exists(key) else { throw try self.missing(key, reader) }
        return try reader.revisions(of: key, before: after, limit: limit).map { ($0.revision, $0.text) }
      }
    }
  }

  // Registrations change, so that a page of them is one step: a thousand short rows at most.

  package func features(_ filter: RegistrationFilter, _ page: Page<String>) -> any PageInProgress {
    registrations(page) { try $0.features(filter, after: $1, limit: $2).map { ($0.key.folded, $0.text) } }
  }

  package func providers(_ filter: RegistrationFilter, _ page: Page<String>) -> any PageInProgress {
    registrations(page) { try $0.providers(filter, after: $1, limit: $2).map { ($0.key.folded, $0.text) } }
  }

  package func clientExtensions(_ page: Page<String>) -> any PageInProgress {
    registrations(page) { try $0.clientExtensions(after: $1, limit: $2).map { ($0.name.folded, $0.text) } }
  }

  private func registrations(
    _ page: Page<String>,
    _ read: @escaping @Sendable (LedgerReader, _ after: String?, _ limit: Int) throws -> [RowPage<String>.Row]
  ) -> any PageInProgress {
    RowPage(page, rowsPerStep: page.limit + 1, json: JSON.string) { (after, limit) throws(Refusal) in
      try self.readFile { try read($0, after, limit) }
    }
  }
}
