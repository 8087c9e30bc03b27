// Rows that no daemon writes: each read of them is an error that names the row, and none ends the process.

import DaemonTestSupport
import FairleadModel
import FairleadStore
import LedgerTestSupport
import Testing

@Suite("A damaged row")
struct DamagedRowTests {
  struct Damage: Sendable, CustomTestStringConvertible {
    let statement: String
    /// How the error begins, after "cannot read".
    let named: String
    let read: @Sendable (LedgerReader) throws -> Void
    var testDescription: String { statement }

    init(_ statement: String, _ named: String, _ read: @escaping @Sendable (LedgerReader) throws -> Void) {
      self.statement = statement
      self.named = named
      self.read = read
    }
  }

  private static let web = LedgerFixture.web
  private static let log: @Sendable (LedgerReader) throws -> Void = {
    _ = try $0.changes(ChangeFilter(), after: 0, limit: 10)
  }
  private static let clusters: @Sendable (LedgerReader) throws -> Void = {
    _ = try $0.clusterEntries(ClusterFilter(), after: "", scan: 10) { _, _ in true }
  }
  private static let entries: @Sendable (LedgerReader) throws -> Void = { _ = try $0.clusterEntry(web) }
  private static let revisions: @Sendable (LedgerReader) throws -> Void = {
    _ = try $0.revisions(of: web, before: nil, limit: 10)
  }

  static let all = [
    Damage("UPDATE change SET record = 'no JSON' WHERE seq = 2", "change 2: its record is not JSON", log),
    Damage(
      "UPDATE change SET record = CAST(x'7B22FF7D' AS TEXT) WHERE seq = 2", "change 2: its record is not JSON", log),
    Damage("UPDATE change SET record = '{}' WHERE seq = 2", "change 2: its record holds what no fairleadd writes", log),
    Damage(
      "UPDATE change SET record = (SELECT record FROM change WHERE seq = 1) WHERE seq = 2",
      "change 2: its record is of another change", log),
    Damage("DELETE FROM change WHERE seq = 2", "change 2: it is missing from the log", log),
    Damage("DELETE FROM change WHERE seq = 2", "change 2: it is missing from the log") { _ = try $0.change(seq: 2) },
    Damage("UPDATE change SET at = 'soon' WHERE seq = 3", "change 3: its at is not a time") { _ = try $0.logEnd() },
    Damage(
      "UPDATE cluster SET name = 'other' WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: its names are not those of its key", clusters),
    Damage(
      "UPDATE cluster SET labels = '{' WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: its documents are not JSON", clusters),
    Damage(
      "UPDATE cluster SET labels = '{' WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: its documents are not JSON"
    ) {
      _ = try $0.clusterEntries(ClusterFilter(labels: ["env": "prod"]), after: "", scan: 10) { _, _ in true }
    },
    Damage(
      "UPDATE cluster SET facts = '{' WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: its documents are not JSON", entries),
    Damage(
      "UPDATE cluster SET config = CAST(x'22FF22' AS TEXT) WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: its documents are not JSON", entries),
    Damage(
      "UPDATE cluster SET deleted = 7 WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: its deleted is neither 0 nor 1", entries),
    Damage(
      "UPDATE cluster SET created_at = 'once' WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: its created_at is not a time", entries),
    Damage(
      "UPDATE cluster SET confirm_seq = 2 WHERE name = 'web'",
      "the row of default/rg/web in the table cluster: a part of its deadline is missing", entries),
    Damage(
      "UPDATE change SET record = 'no JSON' WHERE seq = 2", "revision 2 of default/rg/web: its record is not JSON",
      revisions),
    Damage(
      "DELETE FROM revision WHERE revision = 1",
      "revision 1 of default/rg/web: it is missing from the table revision", revisions),
  ]

  @Test("is an error that names the row and its column, and a refusal shows no byte of it", arguments: all)
  func refused(damage: Damage) throws {
    try expectRefused(damage) { fixture in
      try fixture.create("web", labels: ["env": "prod"])
      try fixture.update("web", mode: .ipvs)
      try fixture.create("zoo")
    }
  }

  // MARK: Numbers

  /// No change and no revision has such a number: those next to the first and the last that one may have.
  private static let impossible = [0, 1 << 53 + 1]

  /// Where the numbers of rg/web are, which waits to be confirmed since change 2.
  private static let clusterNumbers = [
    "revision", "updated_seq", "confirm_seq", "confirm_revision", "confirm_restores",
  ]
  private static let recordNumbers = [
    "seq", "effects.cluster.revision", "effects.cluster.updatedSeq", "effects.cluster.pendingConfirm.seq",
    "effects.cluster.pendingConfirm.revision", "effects.cluster.pendingConfirm.restores", "effects.revision.revision",
    "effects.revision.baseRevision", "effects.revision.seq", "effects.revision.restores",
  ]

  private static let webRow = "the row of default/rg/web in the table cluster"

  /// Each of the ways in which a cluster's row is read.
  private static let clusterReads: [@Sendable (LedgerReader) throws -> Void] = [
    clusters, entries, { _ = try $0.cluster(web) },
  ]

  static let numbers: [Damage] = impossible.flatMap(damages) + misplaced

  private static func damages(_ number: Int) -> [Damage] {
    var damages: [Damage] = []
    for column in clusterNumbers {
      let named = "\(webRow): its \(column) is no number of a change or a revision"
      for read in clusterReads {
        damages.append(Damage("UPDATE cluster SET \(column) = \(number) WHERE name = 'web'", named, read))
      }
    }
    func addRecord(_ member: String, _ row: String, _ read: @escaping @Sendable (LedgerReader) throws -> Void) {
      let statement = "UPDATE change SET record = json_set(record, '$.\(member)', \(number)) WHERE seq = 2"
      damages.append(Damage(statement, "\(row): its record holds what no fairleadd writes", read))
    }
    for member in recordNumbers { addRecord(member, "change 2", log) }
    for member in ["revision", "seq", "baseRevision"] {
      addRecord("effects.revision.\(member)", "revision 2 of default/rg/web", revisions)
    }
    let named = "revision \(number) of default/rg/web: its revision is no number of a change or a revision"
    damages.append(Damage("UPDATE revision SET revision = \(number) WHERE revision = 2", named, revisions))
    return damages
  }

  /// Numbers that a change and a revision may have, and not these.
  private static let misplaced: [Damage] = [
    Damage(
      "UPDATE cluster SET confirm_seq = 4 WHERE name = 'web'", "\(webRow): what it waits for is not of its revision",
      entries),
    Damage(
      "UPDATE cluster SET confirm_revision = 1 WHERE name = 'web'",
      "\(webRow): what it waits for is not of its revision", clusters),
    Damage(
      "UPDATE cluster SET confirm_restores = 2 WHERE name = 'web'",
      "\(webRow): what it waits for is not of its revision"
    ) { _ = try $0.cluster(web) },
    Damage(
      "UPDATE change SET record = json_set(record, '$.effects.cluster.pendingConfirm.seq', 99) WHERE seq = 2",
      "change 2: its record holds what no fairleadd writes", log),
    Damage(
      "UPDATE change SET record = json_set(record, '$.effects.cluster.updatedSeq', 99) WHERE seq = 2",
      "change 2: its record is of another change", log),
    Damage(
      "UPDATE change SET record = json_set(record, '$.effects.revision.revision', 1) WHERE seq = 2",
      "change 2: its record is of another change", log),
  ]

  @Test("is an error also where a number in it is none that a log reaches", arguments: numbers)
  func impossibleNumber(damage: Damage) throws {
    try expectRefused(damage) { fixture in
      try fixture.create("web")
      try fixture.update("web", mode: .ipvs) { seq, revision in
        PendingConfirm(
          seq: seq, revision: revision, restores: 1, deadline: LedgerFixture.time.adding(seconds: 60),
          bootDeadline: BootTime(boot: "boot", milliseconds: 9))
      }
      try fixture.create("zoo")
    }
  }

  /// Makes a ledger, damages it, and expects that reading it says so.
  private func expectRefused(_ damage: Damage, _ make: (LedgerFixture) throws -> Void) throws {
    let fixture = try LedgerFixture()
    try make(fixture)
    try fixture.ledger.read { try damage.read($0) }
    try execute(
      fixture.path,
      "PRAGMA ignore_check_constraints = ON; DROP TRIGGER change_is_never_rewritten; DROP TRIGGER change_is_never_removed; "
        + "DROP TRIGGER revision_is_never_rewritten; DROP TRIGGER revision_is_never_removed; \(damage.statement)",
      inTransaction: false)
    let error = #expect(throws: LedgerError.self) { try fixture.ledger.read { try damage.read($0) } }
    #expect(error?.reason == .corrupt)
    #expect(error?.message.hasPrefix("cannot read \(damage.named)") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("stop fairleadd") == true)
  }

  @Test("is an error also where its type is not the column's, which only a table that is not strict can hold")
  func types() throws {
    let fixture = try LedgerFixture()
    try fixture.create("web")
    try execute(
      fixture.path,
      """
      ALTER TABLE extension RENAME TO strict_extension;
      CREATE TABLE extension (extension_key, name, version, since, updated_seq);
      INSERT INTO extension VALUES ('a', 'a', NULL, 1, 'x');
      """)
    let error = #expect(throws: LedgerError.self) {
      try fixture.ledger.read { try $0.clientExtensions(after: nil, limit: 10) }
    }
    #expect(
      error?.message.hasPrefix("cannot read the row of a in the table extension: its version is not text") == true)
  }
}
