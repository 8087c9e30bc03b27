// Revisions, changes and registrations as columns of a list.

internal import ExactJSON
internal import FairleadModel

enum LedgerText {
  /// A time to the second, for a column that says that it is in UTC.
  private static func time(_ timestamp: Timestamp) -> String {
    // The epoch means that it was never requested.
    guard timestamp.milliseconds > 0 else { return "-" }
    let text = timestamp.text
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  static let revisions: [Column<Revision>] = [
    Column("Revision", "REV") { String($0.revision) },
    Column("At", nil) { $0.at.text },
    Column(nil, "WHEN (UTC)") { time($0.at) },
    Column("Actor", "BY") { $0.actor.name },
    Column("Origin", "ORIGIN") { revision in
      revision.restores.map { "\(revision.origin.rawValue) to \($0)" } ?? revision.origin.rawValue
    },
    Column("Change", "CHANGE") { String($0.seq) },
    Column("Mode", "MODE") { ClusterText.mode($0.config) },
    Column("Message", "MESSAGE") { $0.message ?? "" },
  ]

  static let changes: [Column<ChangeLine>] = [
    Column("Seq", "CHANGE") { String($0.seq) },
    Column("At", nil) { $0.at.text },
    Column(nil, "WHEN (UTC)") { time($0.at) },
    Column("Actor", "BY") { $0.actor },
    Column("Verdict", "VERDICT") { $0.verdict },
    Column("Method", nil) { $0.method },
    Column("Subject", nil) { $0.subject },
    Column("Summary", nil) { $0.summary },
    Column(nil, "SUMMARY (MESSAGE)") { change in
      change.summary + (change.message.map { " (\($0))" } ?? "")
    },
    Column("Message", nil) { $0.message ?? "" },
  ]

  static let features: [Column<Feature>] = [
    // az's two columns, in az's order.
    Column("Name", "FEATURE") { $0.key.display },
    Column("RegistrationState", "STATE") { $0.state.rawValue },
    Column("Propagated", "PROPAGATED") { $0.propagated ? "yes" : "no" },
    Column("Since", nil) { $0.since.text },
    Column(nil, "SINCE (UTC)") { time($0.since) },
  ]

  static let providers: [Column<Provider>] = [
    Column("Namespace", "PROVIDER") { $0.key.display },
    Column("RegistrationState", "STATE") { $0.state.rawValue },
    Column("Since", nil) { $0.since.text },
    Column(nil, "SINCE (UTC)") { time($0.since) },
  ]

  static let extensions: [Column<ClientExtension>] = [
    Column("Name", "EXTENSION") { $0.name },
    Column("Version", "VERSION") { $0.version },
    Column("Since", nil) { $0.since.text },
    Column(nil, "SINCE (UTC)") { time($0.since) },
  ]

  static let findings: [Column<Finding>] = [
    Column("Severity", "SEVERITY") { $0.severity.rawValue },
    Column("Rule", "RULE") { $0.rule },
    Column("Certainty", "CERTAINTY") { $0.certainty.rawValue },
    Column("Title", "TITLE") { $0.title },
  ]

  static let differences: [Column<DiffEntry>] = [
    Column("Path", "VALUE") { $0.path },
    Column("Before", "BEFORE") { DiffText.value($0.before, isDefault: $0.beforeIsDefault) },
    Column("After", "AFTER") { DiffText.value($0.after, isDefault: $0.afterIsDefault) },
  ]
}
