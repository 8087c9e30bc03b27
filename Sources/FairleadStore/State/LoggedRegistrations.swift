// The registrations as the log has them, for where their tables are not to be believed.

package import FairleadModel

/// The registrations as the log's changes leave them.
package struct LoggedRegistrations: Sendable {
  static let kinds: [ResourceKind] = [.feature, .provider, .extension]

  package private(set) var features: [String: Feature] = [:]
  package private(set) var providers: [String: Provider] = [:]
  package private(set) var extensions: [String: ClientExtension] = [:]
  /// The last change of each kind that is in them.
  private var last: [ResourceKind: Int] = [:]

  package init() {}

  /// All of them, of one snapshot.
  package init(from reader: LedgerReader) throws {
    try catchUp(from: reader)
  }

  /// Adds up to `limit` changes of a kind, and returns the last one; `nil` where there are no more.
  mutating func read(_ kind: ResourceKind, after seq: Int, limit: Int, from reader: LedgerReader) throws -> Int? {
    let changes = try reader.changes(ChangeFilter(kinds: [kind]), after: seq, limit: limit)
    for change in changes { add(change.effects) }
    last[kind] = changes.last?.seq ?? last[kind]
    return changes.count < limit ? nil : changes.last?.seq
  }

  mutating func catchUp(from reader: LedgerReader) throws {
    for kind in Self.kinds { while try read(kind, after: last[kind] ?? 0, limit: 256, from: reader) != nil {} }
  }

  /// Kinds are read one after the other, so the number of the change decides which state is the later one.
  private mutating func add(_ effects: Effects) {
    for feature in effects.features where feature.updatedSeq > features[feature.key.folded]?.updatedSeq ?? 0 {
      features[feature.key.folded] = feature
    }
    if let provider = effects.provider, provider.updatedSeq > providers[provider.key.folded]?.updatedSeq ?? 0 {
      providers[provider.key.folded] = provider
    }
    if let clientExtension = effects.extension,
      clientExtension.updatedSeq > extensions[clientExtension.name.folded]?.updatedSeq ?? 0
    {
      extensions[clientExtension.name.folded] = clientExtension
    }
  }
}
