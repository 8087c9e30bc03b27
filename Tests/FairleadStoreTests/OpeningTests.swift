// Opening a ledger: which files are created, opened or upgraded, and which are refused and left as they are.

import DaemonTestSupport
import FairleadModel
import FairleadStore
import Foundation
import GRDB
import LedgerTestSupport
import Testing

@Suite("Opening a ledger")
struct OpeningTests {
  let folder: Scratch

  init() throws { folder = try Scratch() }

  private var path: String { folder.file("fairlead.db") }

  /// The refusal to open `path`. Its message starts with "cannot", names the file, and says what to do.
  private func refusal(_ path: String, at location: SourceLocation = #_sourceLocation) -> LedgerError? {
    do throws(LedgerError) {
      try Ledger(path: path).close()
      Issue.record("opened", sourceLocation: location)
      return nil
    } catch {
      #expect(error.message.hasPrefix("cannot "), sourceLocation: location)
      #expect(error.message.contains(path), sourceLocation: location)
      #expect(error.message.contains("; "), "what to do: \(error.message)", sourceLocation: location)
      return error
    }
  }

  /// A ledger at `path` with `count` clusters, closed.
  private func fill(_ count: Int = 1) throws {
    let fixture = try LedgerFixture(at: folder)
    for number in 0..<count { try fixture.create("c\(number)") }
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("A ledger is created where there is no file")
  func nothing() throws {
    try Ledger(path: path).close()
    #expect(try sql(path, "SELECT count(*) FROM change") == ["0"])
    #expect(try names() == ["fairlead.db", "fairlead.db-shm", "fairlead.db-wal", "fairlead.db.lock"])
  }

  @Test("An empty file becomes a ledger")
  func emptyFile() throws {
    try folder.write(Data(), to: "fairlead.db")
    try Ledger(path: path).close()
    #expect(try sql(path, "SELECT count(*) FROM change") == ["0"])
  }

  @Test("A ledger is opened again with all that is in it")
  func again() throws {
    try fill(3)
    #expect(try LedgerFixture(at: folder).lastSeq() == 3)
  }

  @Test(
    "A file that is no database is refused, and untouched",
    arguments: ["hello\n", String(repeating: "x", count: 8192), "SQLite format 3\0"])
  func noDatabase(text: String) throws {
    let content = Data(text.utf8)
    try folder.write(content, to: "fairlead.db")
    #expect(refusal(path)?.reason == .notALedger)
    #expect(bytes(path) == content)
    #expect(try names() == ["fairlead.db"])
  }

  @Test("Another application's database is refused, and untouched", arguments: ["delete", "wal"])
  func foreign(journal: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = \(journal); CREATE TABLE t (x)") }
    try queue.close()
    let content = bytes(path)
    let error = refusal(path)
    #expect(error?.reason == .notALedger)
    #expect(error?.message.contains("not Fairlead's") == true)
    #expect(bytes(path) == content)
    #expect(try names() == ["fairlead.db"])
  }

  @Test("Another application's database that is in use is refused as well, and its last writes stay")
  func foreignInUse() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL; CREATE TABLE t (x)") }
    let content = bytes(path)
    #expect(refusal(path)?.reason == .notALedger)
    #expect(bytes(path) == content)
    #expect(try queue.read { try $0.tableExists("t") })
  }

  @Test("A ledger of a newer version is refused, and stays byte-identical")
  func future() throws {
    try fill()
    try execute(path, "PRAGMA user_version = 4")
    try execute(path, "PRAGMA wal_checkpoint(TRUNCATE)", inTransaction: false)
    let content = bytes(path)
    let error = refusal(path)
    #expect(error?.reason == .newerSchema)
    #expect(error?.message.contains("version 4") == true)
    #expect(bytes(path) == content)
  }

  @Test("A ledger of a newer version is refused also if only its WAL has the version")
  func futureInLog() throws {
    try fill()
    let copy = folder.file("copy.db")
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 4")
    }
    try crashCopy(path, to: copy)
    let content = bytes(copy)
    #expect(refusal(copy)?.reason == .newerSchema)
    #expect(bytes(copy) == content)
  }

  /// The files that a power cut would leave of an open database.
  private func crashCopy(_ path: String, to copy: String) throws {
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
  }

  @Test("A ledger whose creation was interrupted can be opened")
  func cutShort() throws {
    // A database in WAL mode whose schema is still in the log alone, and one that has no schema yet.
    for (number, script) in [try migration("0001_ledger.sql"), ""].enumerated() {
      let started = folder.file("started-\(number).db")
      let queue = try DatabaseQueue(path: started)
      try queue.writeWithoutTransaction {
        try $0.execute(
          sql: "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x); DROP TABLE t")
      }
      try queue.write { db in
        try db.execute(sql: script)
        if !script.isEmpty { try db.execute(sql: "PRAGMA user_version = 1") }
      }
      let copy = folder.file("copy-\(number).db")
      try crashCopy(started, to: copy)
      try Ledger(path: copy).close()
      #expect(try sql(copy, "SELECT count(*) FROM change") == ["0"])
    }
  }

  @Test("A second ledger on the same file is refused while the first lives, and opened after that")
  func inUse() throws {
    let first = try Ledger(path: path)
    let error = refusal(path)
    #expect(error?.reason == .inUse)
    #expect(error?.message.contains("pid \(ProcessInfo.processInfo.processIdentifier)") == true)
    try first.close()
    try Ledger(path: path).close()
  }

  @Test("A failed attempt to open a ledger does not keep the file locked")
  func lockReleased() throws {
    try fill()
    try FileManager.default.moveItem(atPath: path, toPath: folder.file("kept"))
    let content = Data("SQLite format 3\0".utf8) + Data(count: 200)
    try folder.write(content, to: "fairlead.db")
    #expect(refusal(path) != nil)
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: folder.file("kept"), toPath: path)
    #expect(try LedgerFixture(at: folder).lastSeq() == 1)
  }

  @Test(
    "A path that cannot be written is refused", arguments: ["/sys/fairlead.db", "/nowhere/at/all/fairlead.db"])
  func unwritable(path: String) {
    #expect(refusal(path)?.reason == .notWritable)
  }

  @Test("A path through a file is refused")
  func throughAFile() throws {
    try folder.write(Data(), to: "file")
    #expect(refusal(folder.file("file/fairlead.db"))?.reason == .notWritable)
  }

  @Test("A directory, a device and a pipe are refused at once, since none is a regular file")
  func notAFile() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(refusal(path)?.reason == .notALedger)
    #expect(refusal("/dev/null")?.reason == .notALedger)
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    #expect(refusal(folder.file("pipe"))?.reason == .notALedger)
    #expect(try names() == ["fairlead.db", "pipe"])
  }

  @Test(
    "A ledger that was truncated at any offset is refused", arguments: [1, 50, 99, 100, 101, 511, 4096, 4097, 20_000])
  func truncated(length: Int) throws {
    try fill(20)
    let content = try #require(bytes(path))
    #expect(content.count > 20_000)
    #expect(bytes(path + "-wal")?.isEmpty == true)
    try folder.write(content.prefix(length), to: "fairlead.db")
    let error = refusal(path)
    #expect(error?.reason == .notALedger || error?.reason == .corrupt)
  }

  @Test("Garbage in any page is an error when it is read, and never a crash")
  func garbage() throws {
    try fill(20)
    let content = try #require(bytes(path))
    var met = 0
    for page in 0..<content.count / 4096 {
      var broken = content
      for offset in (page == 0 ? 100 : 0)..<4096 {
        broken[page * 4096 + offset] = UInt8(truncatingIfNeeded: offset &* 7)
      }
      try folder.write(broken, to: "fairlead.db")
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      do {
        let ledger = try Ledger(path: path)
        defer { try? ledger.close() }
        _ = try ledger.read { try $0.changes(.init(), after: 0, limit: 1000) }
        _ = try ledger.read { try $0.clusterEntries(.init(), after: "", scan: 1000) { _, _ in true } }
        _ = try ledger.read { try $0.features(.init(), after: nil, limit: 1000) }
      } catch {
        met += 1
        #expect(error is LedgerError)
      }
    }
    #expect(met > 5)
  }

  @Test("A record that is not a change is reported as corruption, with a hint")
  func corruptRecord() throws {
    try fill()
    try execute(path, "DROP TRIGGER change_is_never_rewritten; UPDATE change SET record = '{\"seq\":1}'")
    let ledger = try Ledger(path: path)
    defer { try? ledger.close() }
    let error = #expect(throws: LedgerError.self) { try ledger.read { try $0.change(seq: 1) } }
    #expect(error?.reason == .corrupt)
    #expect(error?.message.hasPrefix("cannot ") == true)
    #expect(error?.message.contains("backup") == true)
  }
}
