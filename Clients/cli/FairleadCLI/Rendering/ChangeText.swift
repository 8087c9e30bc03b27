// What became of a change: the last line for a person, and the row of a table.

internal import FairleadModel

enum ChangeText {
  /// The last line: what the ledger has now.
  static func recorded(_ answer: ChangeAnswer) -> String {
    let state: String
    switch answer.resource {
    case .cluster(let cluster):
      let revision = "at revision \(answer.revision ?? cluster.revision)"
      state =
        cluster.deleted ? "\(cluster.key.display) is deleted, \(revision)" : "\(cluster.key.display) is \(revision)"
    case .feature(let feature): state = "\(feature.key.display) is \(feature.state.rawValue)"
    case .provider(let provider): state = "\(provider.key.display) is \(provider.state.rawValue)"
    case .extension(let item): state = "\(item.name) is at version \(item.version)"
    }
    guard let seq = answer.seq else { return "Nothing to record: \(state) already." }
    if let pending = answer.report.pendingConfirm, let deadline = pending.deadline {
      return "Recorded as change \(seq): \(state), until \(deadline.toTheSecond) unless it is confirmed."
    }
    return "Recorded as change \(seq): \(state)."
  }

  /// The resource's row in a table, with the change that moved it.
  static func table(_ answer: ChangeAnswer, _ form: Table.Form) -> Table {
    var table: Table
    switch answer.resource {
    case .cluster(let cluster): table = Table([cluster], ClusterText.columns, for: form)
    case .feature(let feature): table = Table([feature], LedgerText.features, for: form)
    case .provider(let provider): table = Table([provider], LedgerText.providers, for: form)
    case .extension(let item): table = Table([item], LedgerText.extensions, for: form)
    }
    table.header.insert("Verdict", at: 0)
    table.header.insert("Change", at: 0)
    for row in table.rows.indices {
      table.rows[row].insert(answer.report.verdict.rawValue, at: 0)
      table.rows[row].insert(answer.seq.map(String.init) ?? "-", at: 0)
    }
    return table
  }
}
