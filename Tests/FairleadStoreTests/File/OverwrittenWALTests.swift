// What becomes of a ledger whose write-ahead log or shared memory is written over in place.

import DaemonTestSupport
import Dispatch
import FairleadModel
import Foundation
import GRDB
import LedgerTestSupport
import LinuxSupport
import Synchronization
import Testing

@testable import FairleadStore

@Suite("A write-ahead log that is written over", .timeLimit(.minutes(5)))
struct OverwrittenWALTests {
  private let fixture: LedgerFixture
  /// The write-ahead log before it was begun anew, with more frames than it has now.
  private let older: Data

  init() throws {
    fixture = try LedgerFixture()
    for number in 1...10 { try fixture.create("c\(number)") }
    older = try #require(bytes(fixture.path + "-wal"))
    _ = try fixture.ledger.checkpoint()
    for number in 11...13 { try fixture.create("c\(number)") }
    fixture.ledger.noteAcknowledged(13)
    #expect(try #require(bytes(path + "-wal")).count == older.count)
    #expect(try #require(frames) > 3)
  }

  private var path: String { fixture.path }
  private var codes: [HealthCode] { fixture.ledger.health.reasons.map(\.code) }
  private var frames: Int? { fixture.ledger.wal?.written }

  /// Writes over a part of a file in place, with the same inode and the same length.
  private func overwrite(_ suffix: String, with content: Data, at offset: Int = 0) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: path + suffix))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: content)
    try file.close()
  }

  private func offset(ofFrame number: Int) -> Int { 32 + (number - 1) * (24 + 4096) }

  enum Damage: CaseIterable {
    case older, zeros, noise, header, lastFrame
  }

  private func overwrite(_ damage: Damage) throws {
    switch damage {
    case .older: try overwrite("-wal", with: older)
    case .zeros: try overwrite("-wal", with: Data(count: older.count))
    case .noise: try overwrite("-wal", with: Data((0..<older.count).map { UInt8(truncatingIfNeeded: $0 &* 167 >> 3) }))
    case .header: try overwrite("-wal", with: Data(count: 32))
    case .lastFrame: try overwrite("-wal", with: Data(count: 24), at: offset(ofFrame: #require(frames)))
    }
  }

  /// The database and the write-ahead log stay as they are while `body` runs.
  private func expectUntouched(_ body: () throws -> Void) throws {
    let before = ["", "-wal"].map { bytes(path + $0) }
    try body()
    #expect(["", "-wal"].map { bytes(path + $0) } == before)
  }

  @Test(
    "It is noticed without a change, takes no change, and is not moved into the database", arguments: Damage.allCases)
  func noticed(damage: Damage) throws {
    try overwrite(damage)
    try expectUntouched {
      #expect(!fixture.ledger.checkFiles())
      #expect(codes == [.walGone])
      let refusal = #expect(throws: LedgerError.self) {
        try fixture.ledger.write { _ in Issue.record("a transaction has begun") }
      }
      #expect(refusal?.reason == .filesChanged)
      #expect(
        refusal?.message.contains("\(path)-wal, the write-ahead log, was written by a program that is not") == true)
      #expect(throws: LedgerError.self) { try fixture.ledger.checkpoint() }
      let end = #expect(throws: LedgerError.self) { try fixture.close() }
      #expect(end?.message.contains("move \(path)-wal away") == true, "\(end?.message ?? "")")
    }
  }

  @Test("A stop at once leaves everything as it is", arguments: Damage.allCases)
  func stopped(damage: Damage) throws {
    try overwrite(damage)
    try expectUntouched { #expect(throws: LedgerError.self) { try fixture.close() } }
  }

  @Test(
    "A change under which it is written over is not acknowledged", arguments: [Damage.older, .zeros, .noise, .header])
  func duringCommit(damage: Damage) throws {
    let next = try fixture.makeCreate("next")
    var isPublished = false
    #expect(throws: UncertainCommit.self) {
      try fixture.ledger.write { writer in
        try writer.append(next, report: next.report.text)
        try overwrite(damage)
      } publish: { _ in
        isPublished = true
      }
    }
    #expect(!isPublished)
    #expect(codes == [.walGone])
  }

  @Test("A frame in its middle that is not the log's is never moved", arguments: [true, false])
  func middle(isCheckpoint: Bool) throws {
    try overwrite("-wal", with: Data(count: 24), at: offset(ofFrame: 2))
    _ = fixture.ledger.checkFiles()
    #expect(codes.isEmpty)
    try expectUntouched {
      if isCheckpoint {
        let error = #expect(throws: LedgerError.self) { try fixture.ledger.checkpoint() }
        #expect(error?.reason == .filesChanged)
        #expect(codes == [.walGone])
      }
      #expect(throws: LedgerError.self) { try fixture.close() }
    }
  }

  @Test("Frames that are in the database already may be anything")
  func moved() throws {
    _ = try fixture.ledger.checkpoint()
    let last = try #require(frames)
    try overwrite("-wal", with: Data(count: 24), at: offset(ofFrame: last - 1))
    #expect(try fixture.ledger.checkpoint() == CheckpointOutcome(waiting: 0, obstacle: nil))
    #expect(codes.isEmpty)
    try fixture.close()
  }

  // MARK: Shared memory

  /// Opens a copy of the database and its write-ahead log, as the next start does, and returns the end of its log.
  private func lastSeqOfNextStart() throws -> Int {
    let folder = try Scratch()
    for suffix in ["", "-wal", ".lock"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: folder.file("fairlead.db") + suffix)
    }
    let next = try LedgerFixture(at: folder)
    #expect(next.ledger.health.reasons.map(\.message) == [])
    defer { try? next.close() }
    return try next.lastSeq()
  }

  @Test("Shared memory of an older state has a stop lose nothing", arguments: [true, false])
  func olderSharedMemory(isNoticed: Bool) throws {
    let old = try #require(bytes(path + "-shm"))
    for number in 14...20 { try fixture.create("c\(number)") }
    fixture.ledger.noteAcknowledged(20)
    try overwrite("-shm", with: old)
    #expect(try fixture.lastSeq() == 13)
    if isNoticed {
      fixture.ledger.health.raise(.corrupt, "cannot read change 20", remedy: "restore it")
      let waiting = try #require(fixture.ledger.wal).waiting
      #expect(try waiting > 0 && fixture.ledger.checkpoint().waiting == waiting)
    }
    try expectUntouched {
      let error = #expect(throws: LedgerError.self) { try fixture.close() }
      #expect(error?.reason == .corrupt)
      #expect(error?.message.contains("keep \(path) and \(path)-wal together") == true, "\(error?.message ?? "")")
    }
    #expect(try lastSeqOfNextStart() == 20)
  }

  @Test(
    "Shared memory of an earlier log is told from a write-ahead log that was written over, and loses nothing either")
  func earlierSharedMemory() throws {
    let old = try #require(bytes(path + "-shm"))
    _ = try fixture.ledger.checkpoint()
    for number in 14...20 { try fixture.create("c\(number)") }
    try overwrite("-shm", with: old)
    #expect(!fixture.ledger.checkFiles())
    #expect(codes == [.shmGone])
    try expectUntouched {
      let error = #expect(throws: LedgerError.self) { try fixture.close() }
      #expect(error?.message.contains("keep \(path) and \(path)-wal together") == true, "\(error?.message ?? "")")
    }
    #expect(try lastSeqOfNextStart() == 20)
  }

  @Test("What was acknowledged is noted no lower than it was, and not from files that are damaged")
  func mark() throws {
    fixture.ledger.noteAcknowledged(12)
    try fixture.create("c14")
    fixture.ledger.health.raise(.corrupt, "cannot read change 7", remedy: "restore it")
    #expect(throws: LedgerError.self) { try fixture.close() }
    #expect(AcknowledgedMark(note: FileLock.note(at: path + ".lock")).seq == 13)
  }

  // MARK: Other programs

  @Test("Other programs that write, checkpoint and begin the log anew are no damage, whenever they are looked at")
  func others() throws {
    let shell = try SQLiteShell(path)
    try shell.execute("CREATE TABLE filler (x)")
    let ledger = fixture.ledger
    let isDone = Mutex(false)
    let looks = DispatchGroup()
    DispatchQueue(label: "looks").async(group: looks) {
      while !isDone.withLock({ $0 }) { #expect(!ledger.checkFiles()) }
    }
    for number in 0..<60 {
      let mode = ["PASSIVE", "RESTART", "TRUNCATE"][number % 3]
      try shell.execute(
        "INSERT INTO filler VALUES (randomblob(\(number * 1000))); PRAGMA wal_checkpoint(\(mode)); "
          + "BEGIN; INSERT INTO filler VALUES (randomblob(20000)); ROLLBACK; DELETE FROM filler")
      try fixture.label("c1", ["n": "\(number)"])
      if number % 7 == 0 { _ = try fixture.ledger.checkpoint() }
      if number % 20 == 0 { try shell.execute("VACUUM") }
    }
    isDone.withLock { $0 = true }
    looks.wait()
    #expect(codes.isEmpty)
    shell.end()
    try fixture.close()
  }

  @Test(
    "A copy that is put over the database right after another program's checkpoint is read, and not what was read before"
  )
  func copiedAfterCheckpoint() throws {
    try execute(path, "PRAGMA wal_checkpoint(TRUNCATE)", inTransaction: false)
    let copy = try #require(bytes(path))
    for number in 14...16 { try fixture.create("c\(number)") }
    fixture.ledger.noteAcknowledged(16)
    _ = fixture.ledger.checkFiles()
    let before = fixture.ledger.foreignCheckpoints
    try execute(path, "PRAGMA wal_checkpoint(TRUNCATE)", inTransaction: false)
    // The connection that writes has the pages in memory.
    let inMemory = try fixture.ledger.pool.writeWithoutTransaction { try $0.number("SELECT max(seq) FROM change") }
    #expect(inMemory == 16)
    try overwrite("", with: copy)
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: path)
    _ = fixture.ledger.checkFiles()
    #expect(fixture.ledger.foreignCheckpoints == before + 1)
    #expect(try fixture.ledger.lastSeq() == 13)
    let error = #expect(throws: LedgerError.self) { try fixture.close() }
    #expect(error?.reason == .corrupt)
  }
}
