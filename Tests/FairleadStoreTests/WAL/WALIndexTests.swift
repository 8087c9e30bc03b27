// What the WAL-index tells about the WAL and about other programs.

import DaemonTestSupport
import FairleadModel
import Testing

@testable import FairleadStore

@Suite("The WAL and other programs", .timeLimit(.minutes(5)))
struct WALIndexTests {
  let fixture: LedgerFixture
  let shell: SQLiteShell

  init() throws {
    fixture = try LedgerFixture()
    try fixture.create("web")
    shell = try SQLiteShell(fixture.path)
  }

  private var sqlite3: OtherProgram { OtherProgram(pid: shell.pid, command: "sqlite3") }

  @Test("Commits add frames that wait, until a checkpoint moves them")
  func frames() throws {
    let before = try #require(fixture.ledger.wal)
    try fixture.label("web", ["a": "b"])
    let after = try #require(fixture.ledger.wal)
    #expect(after.written > before.written)
    #expect(after.waiting == after.written - after.checkpointed && after.waiting > 0)
    #expect(after.commits == before.commits + 1)
    #expect(try fixture.ledger.checkpoint() == CheckpointOutcome(waiting: 0, obstacle: nil))
    #expect(fixture.ledger.wal?.waiting == 0)
  }

  @Test("A program in a write transaction is named, and nobody once it has ended it")
  func writer() throws {
    #expect(fixture.ledger.otherWriter == nil)
    try shell.execute("BEGIN IMMEDIATE")
    #expect(fixture.ledger.otherWriter == sqlite3)
    try shell.execute("ROLLBACK")
    #expect(fixture.ledger.otherWriter == nil)
  }

  @Test("The ledger's own transactions are no other program's")
  func own() throws {
    try fixture.ledger.write { _ in #expect(fixture.ledger.otherWriter == nil) }
    let api = try fixture.makeCreate("api")
    try fixture.ledger.read { reader in
      _ = try reader.logEnd()
      try fixture.ledger.write { try $0.append(api, report: api.report.text) }
      #expect(fixture.ledger.walObstacle == nil)
    }
  }

  @Test(
    "A reader of an old snapshot is named, with the frames that it keeps from being checkpointed",
    arguments: [true, false])
  func oldSnapshot(isCheckpointed: Bool) throws {
    // A reader that begins when everything is in the database file keeps every later frame from it.
    if isCheckpointed { _ = try fixture.ledger.checkpoint() }
    try shell.execute("BEGIN; SELECT count(*) FROM change")
    #expect(fixture.ledger.walObstacle == nil)
    try fixture.label("web", ["a": "b"])
    #expect(fixture.ledger.walObstacle == .reader(sqlite3))
    let outcome = try fixture.ledger.checkpoint()
    #expect(outcome.obstacle == .reader(sqlite3))
    #expect(outcome.waiting > 0)
    try shell.execute("COMMIT")
    #expect(try fixture.ledger.checkpoint() == CheckpointOutcome(waiting: 0, obstacle: nil))
  }

  @Test("Of two readers the one with the older snapshot is named")
  func oldest() throws {
    let newer = try SQLiteShell(fixture.path)
    try shell.execute("BEGIN; SELECT count(*) FROM change")
    try fixture.label("web", ["a": "1"])
    try newer.execute("BEGIN; SELECT count(*) FROM change")
    try fixture.label("web", ["a": "2"])
    #expect(fixture.ledger.walObstacle == .reader(sqlite3))
    shell.end()
    #expect(fixture.ledger.walObstacle == .reader(OtherProgram(pid: newer.pid, command: "sqlite3")))
  }

  @Test("A close that another program's reader keeps from emptying the WAL says so, and closes nevertheless")
  func close() throws {
    try shell.execute("BEGIN; SELECT count(*) FROM change")
    try fixture.label("web", ["a": "b"])
    let error = #expect(throws: LedgerError.self) { try fixture.close() }
    #expect(error?.reason == .inUse)
    #expect(error?.message.contains("sqlite3 (pid \(shell.pid)) reads it") == true, "\(String(describing: error))")
    try fixture.open()
    #expect(try fixture.lastSeq() == 2)
    try shell.execute("COMMIT")
    try fixture.close()
  }
}
