// The log is the source: from its records alone, every other table is rebuilt to the same content.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import FairleadWire
import Testing

@Suite("The log is the source")
struct LogIsTheSourceTests {
  @Test(
    "Every table of a random history is rebuilt from the log with the same rows", arguments: [1, 20_261_122, 7_777_777])
  func rebuild(seed: UInt64) throws {
    let fixture = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(2000, on: fixture)
    print("seed \(seed): \(fixture.lastSeq) changes, refused \(history.refused.sorted { $0.key < $1.key })")
    #expect(fixture.lastSeq > 200)
    let ends = "SELECT count(*) FROM audit_log WHERE method = 'cluster."
    #expect(Int(try fixture.sql(ends + "revert'")[0]) ?? 0 > 3)
    #expect(Int(try fixture.sql(ends + "confirm'")[0]) ?? 0 > 0)
    #expect(
      Set(history.refused.keys).isSuperset(of: [
        "already-exists", "blocked", "conflict", "invalid-params", "not-found", "prerequisite",
      ]))

    let copy = try RegistryFixture()
    try copy.ledger.write { writer in
      for seq in 1...fixture.lastSeq {
        let change = try fixture.registry.change(seq: seq)
        try writer.append(change, report: change.report.text)
      }
    }
    let (original, rebuilt) = (try fixture.tables(), try copy.tables())
    #expect(original.count == rebuilt.count)
    for (row, other) in zip(original, rebuilt) where row != other { Issue.record("\(row)\n\(other)") }

    // Further changes to the rebuilt ledger have the same effect as on the first.
    try fixture.reopen()
    try copy.reopen()
    copy.clock.advance(to: fixture.clock)
    let next = #"{"labels":{"after":"rebuild"}}"#
    #expect(
      try fixture.call("cluster.create", "next/one", next).text == copy.call("cluster.create", "next/one", next).text)
    #expect(try fixture.settle(after: 100_000) == copy.settle(after: 100_000))
    #expect(try fixture.revertDue() == copy.revertDue())
    #expect(try fixture.tables() == copy.tables())
  }

  @Test("A record that is decoded and encoded again has the same bytes", arguments: [3, 20_261_123])
  func roundTrip(seed: UInt64) throws {
    let fixture = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(250, on: fixture)
    let records = try fixture.sql("SELECT record FROM change ORDER BY seq")
    for (index, record) in records.enumerated() {
      #expect(try fixture.registry.change(seq: index + 1).ledgerJSON.text == record)
    }
    #expect(records.count == (fixture.lastSeq))
  }

  @Test(
    "Numbers are dense, times never decrease, and the projections are up to date with the log",
    arguments: [5, 20_261_124])
  func invariants(seed: UInt64) throws {
    let fixture = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(300, on: fixture)
    func none(_ query: String) throws { #expect(try fixture.sql(query).isEmpty, "\(query)") }
    #expect(try fixture.sql("SELECT count(*) = max(seq) FROM change") == ["1"])
    try none("SELECT cluster_key FROM revision GROUP BY 1 HAVING count(*) <> max(revision)")
    try none("SELECT seq FROM (SELECT seq, at, lag(at) OVER (ORDER BY seq) AS before FROM change) WHERE at < before")
    try none("SELECT seq FROM change WHERE at <> json_extract(record, '$.at') OR seq <> json_extract(record, '$.seq')")
    try none(
      "SELECT 1 FROM cluster c WHERE revision <> (SELECT max(revision) FROM revision r WHERE r.cluster_key = c.cluster_key)"
    )
    try none(
      "SELECT 1 FROM cluster c WHERE updated_seq <> (SELECT max(seq) FROM change WHERE cluster_key = c.cluster_key)")
    try none("SELECT 1 FROM cluster JOIN revision USING (cluster_key, revision) WHERE deleted <> (origin = 'delete')")
    try none(
      "SELECT 1 FROM cluster JOIN revision r USING (cluster_key, revision) WHERE NOT deleted AND cluster.config <> r.config"
    )
    try none("SELECT 1 FROM cluster WHERE confirm_seq IS NOT NULL AND (deleted OR confirm_revision <> revision)")
    try none("SELECT 1 FROM feature WHERE propagated AND registered_seq IS NULL")
    try none("PRAGMA foreign_key_check")
    #expect(try fixture.sql("PRAGMA integrity_check") == ["ok"])
  }
}
