// What becomes of a ledger whose shared memory is written over in place.

import DaemonTestSupport
import FairleadModel
import Foundation
import LedgerTestSupport
import LinuxSupport
import Testing

@testable import FairleadStore

@Suite("Shared memory that is written over", .timeLimit(.minutes(5)))
struct OverwrittenWALTests {
  private let fixture: LedgerFixture

  init() throws {
    fixture = try LedgerFixture()
    for number in 1...10 { try fixture.create("c\(number)") }
    _ = try fixture.ledger.checkpoint()
    for number in 11...13 { try fixture.create("c\(number)") }
    fixture.ledger.noteAcknowledged(13)
  }

  private var path: String { fixture.path }

  /// Writes over a part of a file in place, with the same inode and the same length.
  private func overwrite(_ suffix: String, with content: Data, at offset: Int = 0) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: path + suffix))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: content)
    try file.close()
  }

  /// The database and the write-ahead log stay as they are while `body` runs.
  private func expectUntouched(_ body: () throws -> Void) throws {
    let before = ["", "-wal"].map { bytes(path + $0) }
    try body()
    #expect(["", "-wal"].map { bytes(path + $0) } == before)
  }

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

  @Test("What was acknowledged is noted no lower than it was, and not from files that are damaged")
  func mark() throws {
    fixture.ledger.noteAcknowledged(12)
    try fixture.create("c14")
    fixture.ledger.health.raise(.corrupt, "cannot read change 7", remedy: "restore it")
    #expect(throws: LedgerError.self) { try fixture.close() }
    #expect(AcknowledgedMark(note: FileLock.note(at: path + ".lock")).seq == 13)
  }
}
