// The ledger's files while open and after a close: durable, and readable with read permission only.

import DaemonTestSupport
import FairleadModel
import Foundation
import GRDB
import LedgerTestSupport
import Testing

@testable import FairleadStore

@Suite("The ledger's files")
struct FileTests {
  let fixture: LedgerFixture
  /// The change that created `rg/web`, the last one of the set-up.
  let created: Change

  init() throws {
    fixture = try LedgerFixture()
    created = try fixture.create("web")
  }

  private var files: [String] { ["", "-wal", "-shm"].map { fixture.path + $0 } }

  @Test("The journal is a WAL, and each commit is synced")
  func durable() throws {
    let pragmas = try fixture.ledger.write { writer in
      try ["journal_mode", "synchronous", "foreign_keys"].map {
        try String.fetchOne(writer.reader.database, sql: "PRAGMA \($0)")
      }
    }
    #expect(pragmas == ["wal", "2", "1"])
  }

  @Test("The -wal and -shm files stay after a close, for readers that may not create files")
  func persist() throws {
    try fixture.close()
    #expect(files.allSatisfy { FileManager.default.fileExists(atPath: $0) })
  }

  @Test("Requests to a closed ledger are refused")
  func closed() throws {
    try fixture.close()
    #expect(throws: LedgerError.self) { try fixture.ledger.read { try $0.logEnd() } }
    #expect(throws: LedgerError.self) { try fixture.ledger.write { try $0.reader.logEnd() } }
  }

  @Test(
    "A reader with read permission only can open it, while the ledger is open and after it was closed",
    arguments: [true, false])
  func readOnly(isOpen: Bool) throws {
    if !isOpen { try fixture.close() }
    #expect(try fixture.sql("SELECT count(*) FROM audit_log") == ["1"])
    #expect(try fixture.sql("SELECT name FROM cluster_current") == ["web"])
  }

  @Test("A reader sees a commit as soon as the write has returned")
  func fresh() throws {
    for number in 1...4 {
      let labelled = try fixture.label("web", ["n": "\(number)"])
      #expect(try fixture.sql("SELECT max(seq) FROM audit_log") == ["\(labelled.seq)"])
    }
  }

  @Test("A reader with an old snapshot does not block writes, and does not see them")
  func longLook() throws {
    var configuration = Configuration()
    configuration.readonly = true
    let reader = try DatabaseQueue(path: fixture.path, configuration: configuration)
    try reader.read { db in
      #expect(try Int.fetchOne(db, sql: "SELECT max(seq) FROM change") == created.seq)
      let api = try fixture.create("api")
      #expect(try Int.fetchOne(db, sql: "SELECT max(seq) FROM change") == created.seq)
      #expect(try fixture.lastSeq() == api.seq)
    }
  }

  @Test("A close runs a WAL checkpoint of the whole log, so that a copy of the file is a backup")
  func backup() throws {
    try fixture.close()
    let copy = fixture.folder.file("copy.db")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
    #expect(try sql(copy, "SELECT count(*) FROM change") == ["1"])
  }

  @Test("A backup that replaces a closed ledger is opened without any of the later changes")
  func restore() throws {
    try fixture.close()
    let backup = try #require(bytes(fixture.path))
    try fixture.open()
    for number in 1...20 { try fixture.create("c\(number)") }
    try fixture.close()
    try backup.write(to: URL(fileURLWithPath: fixture.path))
    try fixture.open()
    #expect(try fixture.lastSeq() == created.seq)
    #expect(try fixture.sql("PRAGMA integrity_check") == ["ok"])
  }

  @Test("Committed changes are there after a crash without a close")
  func crash() throws {
    for number in 1...5 { try fixture.create("c\(number)") }
    let folder = try Scratch()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: fixture.path + suffix, toPath: folder.file("fairlead.db") + suffix)
    }
    let copy = try LedgerFixture(at: folder)
    #expect(try copy.tables() == fixture.tables())
    #expect(try copy.create("next").seq == fixture.lastSeq() + 1)
  }

  @Test("While another program holds the write lock, a write fails with an error that says so, and reads continue")
  func held() throws {
    let other = try DatabaseQueue(path: fixture.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      let error = #expect(throws: LedgerError.self) { try fixture.create("api") }
      #expect(error?.reason == .inUse)
      #expect(error?.message.contains(fixture.path) == true)
      #expect(try fixture.lastSeq() == created.seq)
      try db.execute(sql: "ROLLBACK")
    }
    #expect(try fixture.create("api").seq == created.seq + 1)
  }

  @Test("A transaction that throws, and a savepoint that is rolled back, leave nothing")
  func rolledBack() throws {
    struct Broken: Error {}
    let next = try fixture.makeCreate("next")
    #expect(throws: Broken.self) {
      try fixture.ledger.write { writer in
        try writer.append(next, report: next.report.text)
        throw Broken()
      }
    }
    #expect(try fixture.lastSeq() == created.seq)
    try fixture.ledger.write { writer in
      try writer.savepoint()
      try writer.append(next, report: next.report.text)
      #expect(try writer.reader.logEnd().seq == next.seq)
      try writer.rollbackToSavepoint()
      #expect(try writer.reader.logEnd().seq == created.seq)
      #expect(writer.isOpen)
      try writer.savepoint()
      try writer.append(next, report: next.report.text)
      try writer.releaseSavepoint()
    }
    #expect(try fixture.lastSeq() == next.seq)
  }
}
