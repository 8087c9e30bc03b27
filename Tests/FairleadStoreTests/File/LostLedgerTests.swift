// A ledger that is gone, or that has lost changes: noticed at the start, by what lies beside it.

import DaemonTestSupport
import FairleadModel
import Foundation
import GRDB
import LedgerTestSupport
import Synchronization
import Testing

@testable import FairleadStore

@Suite("A ledger that is gone")
struct LostLedgerTests {
  let fixture: LedgerFixture

  init() throws {
    fixture = try LedgerFixture()
    for number in 1...3 { try fixture.create("c\(number)") }
  }

  private var path: String { fixture.path }

  private func remove(_ suffixes: String...) throws {
    for suffix in suffixes { try FileManager.default.removeItem(atPath: path + suffix) }
  }

  private func reasons(_ ledger: Ledger) -> [String] {
    ledger.health.reasons.map { "\($0.code.rawValue): \($0.message)" }
  }

  @Test("Its place is not taken by a new one while the lock file tells of it, unless that is asked for")
  func lockTells() throws {
    try fixture.close()
    try remove("", "-wal", "-shm")
    let error = #expect(throws: LedgerError.self) { try Ledger(path: path) }
    #expect(error?.message.contains("\(path).lock tells of an earlier ledger with 3 changes") == true)
    #expect(error?.message.contains("--create") == true)
    #expect(bytes(path) == nil)
    let said = Mutex<[String]>([])
    let ledger = try Ledger(path: path, mayReplaceLost: true, log: { line in said.withLock { $0.append(line) } })
    #expect(said.withLock { $0 } == ["new ledger created at \(path)"])
    #expect(reasons(ledger).isEmpty)
    try ledger.close()
    // It has lost nothing, and is opened like any other from now on.
    try Ledger(path: path).close()
  }

  @Test("A file that was emptied is the same as one that is gone")
  func emptied() throws {
    try fixture.close()
    try Data().write(to: URL(filePath: path))
    let error = #expect(throws: LedgerError.self) { try Ledger(path: path) }
    #expect(error?.message.contains("the file is empty, but") == true)
    #expect(bytes(path)?.isEmpty == true)
  }

  @Test("A write-ahead log tells of it as well, and is kept under another name")
  func walTells() throws {
    let log = try #require(bytes(path + "-wal"))
    let folder = try Scratch()
    let copy = folder.file("fairlead.db")
    try folder.write(log, to: "fairlead.db-wal")
    let error = #expect(throws: LedgerError.self) { try Ledger(path: copy) }
    #expect(error?.message.contains("\(copy)-wal, the write-ahead log of an earlier ledger, is there") == true)
    try Ledger(path: copy, mayReplaceLost: true).close()
    #expect(bytes(copy + "-wal.earlier-1") == log)
    #expect(try sql(copy, "SELECT count(*) FROM change") == ["0"])
  }

  @Test("Without a trace of it a new one is made, as for a new user")
  func noTrace() throws {
    try fixture.close()
    try remove("", "-wal", "-shm", ".lock")
    let ledger = try Ledger(path: path)
    #expect(try ledger.read { try $0.logEnd().seq } == 0)
    try ledger.close()
  }

  @Test("A log that ends before the last acknowledged change is said, until a person removes the lock file")
  func older() throws {
    try fixture.close()
    let old = try #require(bytes(path))
    try fixture.open()
    for number in 4...6 { try fixture.create("c\(number)") }
    fixture.ledger.noteAcknowledged(6)
    try fixture.close()
    try old.write(to: URL(filePath: path))
    let said = "changes-missing: changes 4 to 6 of \(path) were acknowledged once and are not in its log"
    try fixture.open()
    #expect(reasons(fixture.ledger) == [said])
    for number in 7...12 { try fixture.create("c\(number)") }
    try fixture.close()
    try fixture.open()
    #expect(reasons(fixture.ledger) == [said])
    try fixture.close()
    try remove(".lock")
    try fixture.open()
    #expect(reasons(fixture.ledger).isEmpty)
  }

  @Test("A note is written over the one before, and survives the next holder's pid")
  func mark() {
    var mark = AcknowledgedMark()
    #expect(!AcknowledgedMark(note: mark.note).namesLedger)
    mark.seq = 812
    #expect(AcknowledgedMark(note: mark.note) == mark)
    let shorter = mark.opened(at: 800)
    #expect(shorter.missing == 801...812)
    #expect(AcknowledgedMark(note: shorter.note) == shorter)
    #expect(shorter.note.utf8.count == mark.note.utf8.count)
    #expect(shorter.opened(at: 815).missing == 801...812)
    for foreign in ["", "1234\n", "acknowledged\nmissing 3 2\n", "acknowledged x\n", "acknowledged -5\n"] {
      #expect(!AcknowledgedMark(note: foreign).namesLedger, "\(foreign)")
    }
  }

  @Test(
    "A ledger that cannot be written is read without shared memory, and without a write-ahead log",
    arguments: [true, false])
  func readOnly(isClosed: Bool) throws {
    let folder = try Scratch()
    let copy = folder.file("100% sure? #1.db")
    if isClosed { try fixture.close() }
    for suffix in isClosed ? [""] : ["", "-wal", "-shm"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let pool = try LedgerFile.openReadOnly(copy, sharesMemory: isClosed)
    #expect(try LedgerFile.lastSeq(pool) == 3)
    #expect(try LedgerFile.isMigrated(pool))
    #expect(throws: (any Error).self) { try pool.write { try $0.execute(sql: "DELETE FROM cluster") } }
    try pool.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }
}
