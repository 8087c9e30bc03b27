// The file while the daemon runs and after it stopped: durable, and readable by whoever may read it.

import ExactJSON
import Foundation
import GRDB
import Testing

@testable import FairleadStore

@Suite("The ledger's files")
struct FileTests {
  let bench: RegistryFixture

  init() throws {
    bench = try RegistryFixture()
    try bench.call("cluster.create", "rg/web")
  }

  private var files: [String] { ["", "-wal", "-shm"].map { bench.path + $0 } }

  @Test("The log is written ahead, and each commit is synchronized")
  func durable() throws {
    let pragmas = try bench.ledger.write { writer in
      try ["journal_mode", "synchronous", "foreign_keys"].map {
        try String.fetchOne(writer.reader.database, sql: "PRAGMA \($0)")
      }
    }
    #expect(pragmas == ["wal", "2", "1"])
  }

  @Test("The log and its index stay after a close, for readers who may create nothing")
  func persist() throws {
    try bench.close()
    #expect(files.allSatisfy { FileManager.default.fileExists(atPath: $0) })
  }

  @Test("What is asked of a closed ledger is refused")
  func closed() throws {
    try bench.close()
    #expect(throws: LedgerError.self) { try bench.ledger.read { try $0.logEnd() } }
    #expect(throws: LedgerError.self) { try bench.ledger.write { try $0.reader.logEnd() } }
  }

  @Test("A reader who may only read opens it while it is open and after it was closed", arguments: [true, false])
  func readOnly(isOpen: Bool) throws {
    if !isOpen { try bench.close() }
    #expect(try bench.sql("SELECT count(*) FROM audit_log") == ["1"])
    #expect(try bench.sql("SELECT name FROM cluster_current") == ["web"])
  }

  @Test("A reader sees a commit as soon as it was answered")
  func fresh() throws {
    for number in 2...5 {
      try bench.call("cluster.update", "rg/web", "{\"labels\":{\"n\":\"\(number)\"}}")
      #expect(try bench.sql("SELECT max(seq) FROM audit_log") == ["\(number)"])
    }
  }

  @Test("A reader in the middle of a long look holds no change up, and sees none of it")
  func longLook() throws {
    var configuration = Configuration()
    configuration.readonly = true
    let reader = try DatabaseQueue(path: bench.path, configuration: configuration)
    try reader.read { db in
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM change") == 1)
      try bench.call("cluster.create", "rg/api")
      #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM change") == 1)
    }
    #expect(bench.head == 2)
  }

  @Test("A close leaves all in the file itself, so that a copy of it is a backup")
  func backup() throws {
    try bench.close()
    let copy = bench.folder.file("copy.db")
    try FileManager.default.copyItem(atPath: bench.path, toPath: copy)
    #expect(try sql(copy, "SELECT count(*) FROM change") == ["1"])
  }

  @Test("A backup that is put in the place of a closed ledger is what is opened, with nothing of the later one")
  func restore() throws {
    try bench.reopen()
    try bench.close()
    let backup = try #require(bytes(bench.path))
    try bench.open()
    for number in 1...20 { try bench.call("cluster.create", "rg/c\(number)") }
    try bench.close()
    try backup.write(to: URL(fileURLWithPath: bench.path))
    try bench.open()
    #expect(bench.head == 1)
    #expect(try bench.sql("PRAGMA integrity_check") == ["ok"])
  }

  @Test("What was committed is there after a crash, without a close")
  func crash() throws {
    for number in 1...5 { try bench.call("cluster.create", "rg/c\(number)") }
    let folder = try Folder()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: bench.path + suffix, toPath: folder.file("fairlead.db") + suffix)
    }
    let copy = try RegistryFixture(at: folder)
    #expect(try copy.tables() == bench.tables())
    #expect(try copy.call("cluster.create", "rg/next").int("seq") == 7)
  }

  @Test("While another program holds the file, a change is unavailable, and nothing breaks")
  func held() throws {
    let other = try DatabaseQueue(path: bench.path)
    try other.writeWithoutTransaction { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      let error = try bench.refuse("cluster.create", "rg/api")
      #expect(error.kind == "unavailable")
      #expect(error.message.contains(bench.path))
      #expect(error.message.contains("try again"))
      #expect(try bench.call("cluster.get", "rg/web").int("revision") == 1)
      try db.execute(sql: "ROLLBACK")
    }
    #expect(try bench.call("cluster.create", "rg/api").int("seq") == 2)
  }
}
