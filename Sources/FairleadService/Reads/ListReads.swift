// Lists, page by page, from the file.

package import FairleadModel
internal import FairleadStore

extension Registry {
  package func clusters(_ filter: ClusterFilter, _ page: Page<String>) throws(Refusal) -> Listing<Cluster, String> {
    try list(page, cursor: { $0.key.folded }) { try $0.clusters(filter, after: page.after, limit: $1) }
  }

  package func features(
    _ filter: RegistrationFilter, _ page: Page<String>
  ) throws(Refusal) -> Listing<Feature, String> {
    try list(page, cursor: { $0.key.folded }) { try $0.features(filter, after: page.after, limit: $1) }
  }

  package func providers(
    _ filter: RegistrationFilter, _ page: Page<String>
  ) throws(Refusal) -> Listing<Provider, String> {
    try list(page, cursor: { $0.key.folded }) { try $0.providers(filter, after: page.after, limit: $1) }
  }

  package func clientExtensions(_ page: Page<String>) throws(Refusal) -> Listing<ClientExtension, String> {
    try list(page, cursor: { $0.name.folded }) { try $0.clientExtensions(after: page.after, limit: $1) }
  }

  package func changes(_ filter: ChangeFilter, _ page: Page<Int>) throws(Refusal) -> Listing<Change, Int> {
    try list(page, cursor: { $0.seq }) { try $0.changes(filter, after: page.after ?? 0, limit: $1) }
  }

  /// One item more than the page has is read, to know whether another page follows.
  private func list<Item, Cursor>(
    _ page: Page<Cursor>, cursor: (Item) -> Cursor, _ read: (LedgerReader, _ limit: Int) throws -> [Item]
  ) throws(Refusal) -> Listing<Item, Cursor> {
    try readFile { Listing(rows: try read($0, page.limit + 1), limit: page.limit, cursor: cursor) }
  }
}
