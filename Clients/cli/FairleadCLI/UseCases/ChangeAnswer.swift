// What the daemon answers to a change or a plan, and how it reads to a person.

internal import FairleadFormats
internal import ExactJSON
internal import FairleadModel

struct ChangeAnswer: Sendable, Hashable {
  /// The result as it came.
  let json: JSON
  /// `nil` for a plan, and where there was nothing to record.
  let seq: Int?
  let report: Report
  let revision: Int?
  let resource: Resource

  init(_ json: JSON) throws(Failure) {
    self.json = json
    (seq, report, revision, resource) = try Session.read(json) { (reader) throws(Refusal) in
      (
        try reader.integer("seq"), try Report(reader.requiredObject("report", allowedKeys: nil)),
        try reader.integer("revision"), try Self.resource(reader)
      )
    }
  }

  private static func resource(_ reader: JSONObjectDecoder) throws(Refusal) -> Resource {
    if let cluster = try reader.object("cluster", allowedKeys: nil) { return .cluster(try Cluster(cluster)) }
    if let feature = try reader.object("feature", allowedKeys: nil) { return .feature(try Feature(feature)) }
    if let provider = try reader.object("provider", allowedKeys: nil) { return .provider(try Provider(provider)) }
    return .extension(try ClientExtension(reader.requiredObject("extension", allowedKeys: nil)))
  }

  /// Whether the plan disrupts what runs.
  var isDisruptive: Bool { report.verdict >= .high }

  /// Whether the daemon would refuse the plan.
  var wouldBeRefused: Bool { report.isRefused }

  /// Whether the plan leaves everything as it is in effect; facts and labels stand in the difference too.
  var changesNothing: Bool { report.verdict == .none && report.diff.isEmpty }

  /// The last line: what stands in the ledger now.
  var recorded: String {
    let state: String
    switch resource {
    case .cluster(let cluster):
      let revision = "at revision \(revision ?? cluster.revision)"
      state =
        cluster.deleted ? "\(cluster.key.display) is deleted, \(revision)" : "\(cluster.key.display) is \(revision)"
    case .feature(let feature): state = "\(feature.key.display) is \(feature.state.rawValue)"
    case .provider(let provider): state = "\(provider.key.display) is \(provider.state.rawValue)"
    case .extension(let item): state = "\(item.name) is at version \(item.version)"
    }
    guard let seq else { return "Nothing to record: \(state) already." }
    if let pending = report.pendingConfirm, let deadline = pending.deadline {
      return "Recorded as change \(seq): \(state), until \(deadline.toTheSecond) unless it is confirmed."
    }
    return "Recorded as change \(seq): \(state)."
  }

  /// The resource's row in a table, with the change that moved it.
  func table(_ form: Table.Form) -> Table {
    var table: Table
    switch resource {
    case .cluster(let cluster): table = Table([cluster], ClusterText.columns, for: form)
    case .feature(let feature): table = Table([feature], LedgerText.features, for: form)
    case .provider(let provider): table = Table([provider], LedgerText.providers, for: form)
    case .extension(let item): table = Table([item], LedgerText.extensions, for: form)
    }
    table.header.insert("Verdict", at: 0)
    table.header.insert("Change", at: 0)
    for row in table.rows.indices {
      table.rows[row].insert(report.verdict.rawValue, at: 0)
      table.rows[row].insert(seq.map(String.init) ?? "-", at: 0)
    }
    return table
  }
}
