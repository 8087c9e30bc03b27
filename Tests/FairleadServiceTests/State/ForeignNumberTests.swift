// Numbers in rows and records that no fairleadd writes: each method still answers, or refuses and names the row.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import Foundation
import LedgerTestSupport
import Testing

@Suite("Numbers that no log reaches", .timeLimit(.minutes(10)))
struct ForeignNumberTests {
  /// A ledger in which every kind of change and of row is, closed.
  private struct Template {
    let content: Data
    /// A statement for each number in its rows, with `?` for the number; and for each kind of number in its records.
    let columns: [String]
    let records: [String]
  }

  private static let apply = #"""
    {"requestId":"fleet","atomic":false,"changes":[
      {"method":"cluster.update","params":{"resourceGroup":"rg","name":"b","config":{"mode":"IPTABLES"}}},
      {"method":"cluster.delete","params":{"resourceGroup":"rg","name":"none"}},
      {"method":"cluster.create","params":{"resourceGroup":"rg","name":"c","labels":{"a":"b"}}}]}
    """#

  private static func template() throws -> Template {
    let (fixture, _) = try RegistryFixture.waiting()
    try fixture.call("cluster.create", "rg/b", #"{"config":{"mode":"NFTABLES"},"facts":{"nodeCount":3}}"#)
    try fixture.call("cluster.apply", nil, apply)
    try fixture.call("cluster.rollback", "rg/b", #"{"toRevision":1}"#)
    try fixture.call("extension.set", "aks-preview", #"{"version":"9.0.0b1"}"#)
    try fixture.close()
    return Template(
      content: try #require(bytes(fixture.path)), columns: columns(), records: try records(of: fixture))
  }

  private static func columns() -> [String] {
    let rows: [(table: String, columns: String, row: String)] = [
      (
        "cluster",
        "revision updated_seq deleted confirm_seq confirm_revision confirm_restores confirm_boot_deadline",
        "name = 'web'"
      ),
      ("cluster", "revision updated_seq", "name = 'b'"),
      ("revision", "base_revision seq restores", "cluster_key = 'default/rg/b' AND revision = 3"),
      ("revision", "seq", "cluster_key = 'default/rg/web' AND revision = 2"),
      ("feature", "propagated updated_seq registered_seq", "true"),
      ("provider", "updated_seq", "true"), ("extension", "updated_seq", "true"),
      ("change", "seq actor_uid", "seq = (SELECT max(seq) FROM change)"),
    ]
    return rows.flatMap { table, columns, row in
      columns.split(separator: " ").map { "UPDATE \(table) SET \($0) = ? WHERE \(row)" }
    } + ["UPDATE provider SET settle_seq = ?, settle_due_at = '2020-01-01T00:00:00.000Z'"]
  }

  /// Each number of the first record that has one at its place. The effects of each kind of change count as places of their own.
  private static func records(of fixture: RegistryFixture) throws -> [String] {
    var places: Set<String> = []
    return try fixture.sql("SELECT seq, record FROM change ORDER BY seq").flatMap { row in
      let parts = row.split(separator: "|", maxSplits: 1)
      let record = try JSON(parsing: String(parts[1]))
      return numbers(in: record, at: "$")
        .filter { path in
          let place = path.replacing(/\[\d+\]/, with: "")
          let kind = path.hasPrefix("$.\"effects\"") ? record.string("method") ?? "" : ""
          return places.insert(kind + place).inserted
        }
        .map { "UPDATE change SET record = json_set(record, '\($0)', ?) WHERE seq = \(parts[0])" }
    }
  }

  private static func numbers(in value: JSON, at path: String) -> [String] {
    switch value {
    case .integer: [path]
    case .array(let items): items.enumerated().flatMap { numbers(in: $1, at: "\(path)[\($0)]") }
    case .object(let object): object.members.flatMap { numbers(in: $0.value, at: "\(path).\"\($0.key)\"") }
    default: []
    }
  }

  @Test("that are possible, and of a change which the log does not have, are damage of the row as well")
  func pastTheEnd() throws {
    let template = try Self.template()
    let folder = try Scratch()
    try folder.write(template.content, to: "fairlead.db")
    try execute(
      folder.file("fairlead.db"), "UPDATE cluster SET confirm_seq = 900, updated_seq = 900 WHERE name = 'web'")
    let fixture = try RegistryFixture(unloaded: folder)
    let error = #expect(throws: Refusal.self) {
      try FairleadServiceTests.ask(fixture.registry, "cluster.update", "rg/web", #"{"labels":{"a":"b"}}"#)
    }
    #expect(error?.message.contains("the row of default/rg/web in the table cluster: it refers to a change") == true)
    _ = fixture.log.takeLines()
  }

  @Test(
    "end no request with a trap or with an incident that names nothing",
    arguments: [Int.min, -1, 0, 1 << 53 + 1, Int.max])
  func askEverything(number: Int) throws {
    let template = try Self.template()
    #expect(template.columns.count > 20 && template.records.count > 50)
    // What a record has is bounded where it is decoded; the two that no arithmetic survives are asked for everywhere.
    let isExtreme = number == .min || number == .max
    for place in template.columns + (isExtreme ? template.records : []) {
      let statement = place.replacing("?", with: "\(number)")
      let folder = try Scratch()
      try folder.write(template.content, to: "fairlead.db")
      try execute(
        folder.file("fairlead.db"),
        "PRAGMA ignore_check_constraints = ON; DROP TRIGGER change_is_never_rewritten; "
          + "DROP TRIGGER revision_is_never_rewritten; \(statement)", inTransaction: false)
      expectNamed(statement) {
        // Nothing is in memory but the first cluster, so that each request meets the rows themselves.
        let fixture = try RegistryFixture(unloaded: folder)
        ask(fixture, statement)
        _ = fixture.log.takeLines()
        try fixture.close()
      }
    }
  }

  /// Every method: those that record first, since the first damage that is met stops them.
  private func ask(_ fixture: RegistryFixture, _ statement: String) {
    func ask(_ method: String, _ subject: String? = nil, _ params: String = "{}") {
      expectNamed(statement) { _ = try FairleadServiceTests.ask(fixture.registry, method, subject, params) }
    }
    ask("cluster.apply", nil, Self.apply)
    expectNamed(statement) { _ = try fixture.registry.settleDue() }
    for dryRun in ["false", "true"] {
      let plan = "\"dryRun\":\(dryRun)"
      ask("cluster.update", "rg/b", "{\"config\":{\"mode\":\"IPVS\"},\"confirmWithinSeconds\":60,\(plan)}")
      ask("cluster.update", "rg/web", "{\"labels\":{\"a\":\"b\"},\(plan)}")
      for name in ["web", "b"] {
        ask("cluster.rollback", "rg/\(name)", "{\(plan)}")
        ask("cluster.rollback", "rg/\(name)", "{\"toRevision\":1,\"confirmWithinSeconds\":60,\(plan)}")
        ask("cluster.confirm", "rg/\(name)", "{\(plan)}")
        ask("cluster.delete", "rg/\(name)", "{\(plan)}")
        ask("cluster.create", "rg/\(name)", "{\(plan)}")
      }
      ask("provider.register", RegistryFixture.provider, "{\(plan)}")
      ask("feature.unregister", RegistryFixture.feature, "{\(plan)}")
      ask("extension.set", "aks-preview", "{\"version\":\"1.0.0\",\(plan)}")
    }
    for name in ["web", "b"] {
      for params in ["{}", #"{"revision":2}"#, #"{"at":"2030-01-01"}"#] { ask("cluster.get", "rg/\(name)", params) }
      for params in ["{}", #"{"from":1,"to":2}"#] { ask("cluster.diff", "rg/\(name)", params) }
      ask("cluster.history", "rg/\(name)")
    }
    for method in ["cluster.list", "feature.list", "provider.list", "extension.list", "change.list"] { ask(method) }
    ask("feature.get", RegistryFixture.feature)
    ask("provider.get", RegistryFixture.provider)
    ask("extension.get", "aks-preview")
    for seq in 1...fixture.lastSeq {
      ask("change.get", nil, "{\"seq\":\(seq)}")
      ask("report.get", nil, "{\"seq\":\(seq)}")
    }
    expectNamed(statement) { _ = try fixture.registry.watched(WatchFilter(), after: 0) }
    expectNamed(statement) { _ = try fixture.registry.revertDue() }
    expectNamed(statement) { while try fixture.registry.continueWarmup() {} }
    expectNamed(statement) { while try fixture.registry.continueProjectionCheck() {} }
    fixture.clock.advance(601)
    expectNamed(statement) { _ = try fixture.registry.revertDue() }
  }

  /// Where `body` throws, the error names what it is about: no error of SQLite's, and no failure without a name.
  private func expectNamed(_ statement: String, _ body: () throws -> Void) {
    do {
      try body()
    } catch let error as LedgerError {
      #expect(error.reason == .corrupt, "\(statement): \(error)")
    } catch let refusal as Refusal {
      #expect(!refusal.message.contains("something in fairleadd failed"), "\(statement): \(refusal.message)")
    } catch {
      Issue.record("\(statement): \(error)")
    }
  }
}
