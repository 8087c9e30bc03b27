// What becomes of a ledger whose files are moved, deleted, replaced or cut under it.

import DaemonTestSupport
import FairleadModel
import Foundation
import GRDB
import LedgerTestSupport
import Testing

@testable import FairleadStore

@Suite("The ledger's files under an open ledger")
struct FileWatchTests {
  let fixture: LedgerFixture

  init() throws {
    fixture = try LedgerFixture()
    for number in 1...3 { try fixture.create("c\(number)") }
  }

  private var path: String { fixture.path }
  private var codes: [HealthCode] { fixture.ledger.health.reasons.map(\.code) }

  private func move(_ from: String, _ to: String) throws { try FileManager.default.moveItem(atPath: from, toPath: to) }
  private func remove(_ suffixes: String...) throws {
    for suffix in suffixes { try FileManager.default.removeItem(atPath: path + suffix) }
  }

  /// What the monitor does twice a second.
  private func check() { if fixture.ledger.checkFiles() { fixture.ledger.rescue() } }

  /// A change is refused, names what happened, and is not recorded.
  @discardableResult
  private func expectRefusal(_ code: HealthCode, at location: SourceLocation = #_sourceLocation) -> String {
    let error = #expect(throws: LedgerError.self, sourceLocation: location) {
      try fixture.ledger.write { _ in Issue.record("a transaction has begun", sourceLocation: location) }
    }
    #expect(error?.reason == .filesChanged, sourceLocation: location)
    #expect(error?.message.hasPrefix("cannot write the database \(path): ") == true, sourceLocation: location)
    #expect(codes.contains(code), "\(codes)", sourceLocation: location)
    return error?.message ?? ""
  }

  /// What a copy of the database alone holds, without any write-ahead log.
  private func changes(in file: String) throws -> [String] {
    let copy = fixture.folder.file(UUID().uuidString)
    try FileManager.default.copyItem(atPath: file, toPath: copy)
    return try sql(copy, "SELECT count(*) FROM change")
  }

  @Test("A deleted database takes no change, and reads go on")
  func deleted() throws {
    try remove("")
    #expect(expectRefusal(.fileGone).contains("deleted while it was in use"))
    #expect(try fixture.lastSeq() == 3)
    #expect(try fixture.change(2)?.seq == 2)
  }

  @Test("The end saves a deleted database beside its path, with all that was acknowledged, and says so")
  func savedCopy() throws {
    try remove("", "-wal", "-shm")
    let error = #expect(throws: LedgerError.self) { try fixture.close() }
    #expect(error?.message.contains("\(path).saved-1") == true, "\(error?.message ?? "")")
    #expect(try changes(in: path + ".saved-1") == ["3"])
  }

  @Test("A database that is moved away takes no change, says where it is, and takes changes again once it is back")
  func moved() throws {
    let place = fixture.folder.file("elsewhere")
    try move(path, place)
    #expect(expectRefusal(.fileGone).contains("mv \(place) \(path)"))
    // Complete by itself, without the write-ahead log that stayed behind.
    while fixture.ledger.checkFiles() { fixture.ledger.rescue() }
    #expect(try changes(in: place) == ["3"])
    try move(place, path)
    #expect(try fixture.create("again").seq == 4)
    #expect(codes.isEmpty)
    try fixture.close()
    #expect(try changes(in: path) == ["4"])
  }

  @Test("A database that comes back changed takes no change until the next start")
  func movedAndChanged() throws {
    let place = fixture.folder.file("elsewhere")
    try move(path, place)
    expectRefusal(.fileGone)
    try Data(contentsOf: URL(filePath: place)).write(to: URL(filePath: place))
    try move(place, path)
    #expect(expectRefusal(.fileReplaced).contains("was written by a program that is not SQLite"))
  }

  @Test("A copy that is put over the database, which keeps its inode, is noticed before another change is acknowledged")
  func overwritten() throws {
    let older = try Data(contentsOf: URL(filePath: path))
    try fixture.create("later")
    _ = try fixture.ledger.checkpoint()
    // Begins the write-ahead log anew, which changes what a checkpoint would change.
    try fixture.create("last")
    #expect(codes.isEmpty)
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.write(contentsOf: older)
    try file.close()
    // Later than a tick of the file system's clock.
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: path)
    #expect(expectRefusal(.fileReplaced).contains("was written by a program that is not SQLite"))
    // Nothing of the write-ahead log is mixed into it.
    #expect(try Data(contentsOf: URL(filePath: path)).starts(with: older))
    #expect(throws: LedgerError.self) { try fixture.close() }
  }

  @Test("Another program's checkpoint that was ended while it wrote the database is no copy over it")
  func endedCheckpoint() throws {
    // SQLite notes how far a checkpoint is to go before it writes the database, and how far it went when it is done.
    let index = try FileHandle(forUpdating: URL(filePath: path + "-shm"))
    try index.seek(toOffset: 128)
    let attempted = try #require(try index.read(upToCount: 4)).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    try index.seek(toOffset: 128)
    try index.write(contentsOf: withUnsafeBytes(of: attempted + 1) { Data($0) })
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: path)
    check()
    #expect(codes.isEmpty)
    try fixture.create("later")
    // This descriptor's end drops SQLite's locks on the file, so it comes last.
    try index.close()
  }

  @Test("A file that takes the database's place gets no change, and none of the old ledger's write-ahead log")
  func replaced() throws {
    let copy = fixture.folder.file("copy")
    try fixture.ledger.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    try fixture.create("later")
    try remove("")
    try move(copy, path)
    expectRefusal(.fileReplaced)
    check()
    expectRefusal(.fileReplaced)
    #expect(bytes(path + "-wal")?.isEmpty == true)
    #expect(try fixture.sql("SELECT count(*) FROM change") == ["3"])
  }

  @Test("What was acknowledged is in the database as soon as its write-ahead log is missed", arguments: [true, false])
  func walTakenAway(isNoticedByWrite: Bool) throws {
    try remove("-wal")
    if isNoticedByWrite { expectRefusal(.walGone) } else { check() }
    #expect(codes == [.walGone])
    #expect(try changes(in: path) == ["3"])
  }

  @Test("Shared memory that is taken away stops changes and leaves the write-ahead log to the next start")
  func shmTakenAway() throws {
    try remove("-shm")
    let before = bytes(path)
    expectRefusal(.shmGone)
    #expect(throws: LedgerError.self) { try fixture.close() }
    #expect(bytes(path) == before)
    #expect(bytes(path + "-wal")?.isEmpty == false)
  }

  @Test("A file that is cut stops changes for good", arguments: ["", "-wal", "-shm"])
  func cut(suffix: String) throws {
    if suffix.isEmpty { try fixture.ledger.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
    check()
    let file = try FileHandle(forUpdating: URL(filePath: path + suffix))
    let size = try file.seekToEnd()
    try file.truncate(atOffset: 8192)
    expectRefusal(suffix.isEmpty ? .fileTruncated : suffix == "-wal" ? .walGone : .shmGone)
    if suffix == "-shm" { #expect(throws: LedgerError.self) { try fixture.lastSeq() } }
    try file.truncate(atOffset: size)
    expectRefusal(suffix.isEmpty ? .fileTruncated : suffix == "-wal" ? .walGone : .shmGone)
    #expect(throws: LedgerError.self) { try fixture.close() }
  }

  @Test("A WAL checkpoint and a VACUUM of another program are no loss, though they shorten files")
  func maintenance() throws {
    for number in 0..<50 { try fixture.label("c1", ["n": "\(number)"]) }
    check()
    let size = bytes(path + "-wal")?.count
    try execute(path, "PRAGMA wal_checkpoint(TRUNCATE)", inTransaction: false)
    #expect(bytes(path + "-wal")?.count != size)
    check()
    #expect(try fixture.create("after").seq == 54)
    try execute(path, "CREATE TABLE filler AS SELECT randomblob(500000) AS x", inTransaction: false)
    try execute(path, "PRAGMA wal_checkpoint(TRUNCATE)", inTransaction: false)
    check()
    let large = try #require(bytes(path)).count
    try execute(path, "DROP TABLE filler", inTransaction: false)
    try execute(path, "VACUUM", inTransaction: false)
    try execute(path, "PRAGMA wal_checkpoint(TRUNCATE)", inTransaction: false)
    #expect(try #require(bytes(path)).count < large)
    check()
    #expect(try fixture.create("last").seq == 55)
    #expect(codes.isEmpty)
  }

  @Test("A database with a second name takes changes, and a person is told")
  func linked() throws {
    try FileManager.default.linkItem(atPath: path, toPath: fixture.folder.file("second"))
    #expect(try fixture.create("taken").seq == 4)
    #expect(codes == [.fileLinked])
    try FileManager.default.removeItem(atPath: fixture.folder.file("second"))
    check()
    #expect(codes.isEmpty)
  }

  @Test("A change under which the database is deleted is not acknowledged, and not published")
  func deletedDuringCommit() throws {
    let next = try fixture.makeCreate("next")
    var isPublished = false
    #expect(throws: UncertainCommit.self) {
      try fixture.ledger.write { writer in
        try writer.append(next, report: next.report.text)
        try remove("")
      } publish: { _ in
        isPublished = true
      }
    }
    #expect(!isPublished)
    expectRefusal(.fileGone)
  }

  @Test("A read never opens a file that took the ledger's place")
  func readersStay() throws {
    try remove("", "-wal", "-shm")
    let other = try LedgerFixture()
    try other.close()
    try FileManager.default.copyItem(atPath: other.path, toPath: path)
    for _ in 0..<8 { #expect(try fixture.lastSeq() == 3) }
  }
}
