// The daemon's own checkpoints on a real file, with a WAL that is short enough for a test.

import DaemonTestSupport
import Dispatch
import GRDB
import Glibc
import LinuxSupport
import Synchronization
import Testing

@testable import FairleadStore

@Suite("WAL checkpoints of the ledger itself", .timeLimit(.minutes(5)))
struct CheckpointerTests {
  private let folder: Scratch
  private let pool: DatabasePool
  private let index: WALIndex
  private let reads = ReadsUnderWay()
  private let checkpointer: Checkpointer
  private static let bound = 40

  init() throws {
    folder = try Scratch()
    pool = try DatabasePool(path: folder.file("a.db"))
    try pool.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x)")
    }
    index = try WALIndex(database: folder.file("a.db"))
    checkpointer = Checkpointer(
      index: index, reads: reads, schedule: CheckpointSchedule(pages: 10, bound: Self.bound), busyMilliseconds: 3000,
      finishMilliseconds: 0)
  }

  /// Commits one page at a time, each followed by what follows a commit of the ledger. Returns the longest WAL, in frames.
  private func commit(times: Int) throws -> Int {
    var longest = 0
    for _ in 0..<times {
      try pool.write { try $0.execute(sql: "INSERT INTO t VALUES (randomblob(100))") }
      longest = max(longest, index.frames()?.written ?? 0)
      if checkpointer.isDue() { _ = try pool.writeWithoutTransaction { try checkpointer.run(on: $0) } }
    }
    return longest
  }

  @Test("Without readers the WAL stays as short as a checkpoint's interval")
  func alone() throws { #expect(try commit(times: 200) < 20) }

  @Test("Readers of the daemon that overlap at every moment leave the WAL bounded, and see what is committed")
  func overlapping() throws {
    let isDone = Mutex(false)
    let readers = DispatchGroup()
    let queue = DispatchQueue(label: "reads", attributes: .concurrent)
    for _ in 0..<4 {
      queue.async(group: readers) {
        var last = 0
        while !isDone.withLock({ $0 }) {
          let count = try? reads.read {
            try pool.read { db in
              defer { usleep(300) }
              return try Int.fetchOne(db, sql: "SELECT count(*) FROM t")
            }
          }
          #expect((count ?? -1) >= last)
          last = count ?? last
        }
      }
    }
    let longest = try commit(times: 2000)
    isDone.withLock { $0 = true }
    readers.wait()
    // Without waiting for them it grows to 2,000 frames and more. A slow machine may miss one chance, not many.
    #expect(longest < 10 * Self.bound, "\(longest) frames")
    #expect(try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") } == 2000)
  }

  @Test("A read that does not end keeps the WAL from being begun anew, and only until it ends")
  func longRead() throws {
    let hasBegun = DispatchSemaphore(value: 0)
    let mayEnd = DispatchSemaphore(value: 0)
    let read = DispatchGroup()
    DispatchQueue(label: "read").async(group: read) {
      try? reads.read {
        try pool.read { db in
          _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM t")
          hasBegun.signal()
          mayEnd.wait()
        }
      }
    }
    hasBegun.wait()
    #expect(try commit(times: 2 * Self.bound) >= 2 * Self.bound)
    mayEnd.signal()
    read.wait()
    _ = try commit(times: 4 * Self.bound)
    #expect(try #require(index.frames()).written < Self.bound)
  }

  @Test("Another program that reads is named, and the writer does not wait for the daemon's own reads in vain")
  func outsider() throws {
    let shell = try SQLiteShell(folder.file("a.db"))
    try shell.execute("BEGIN; SELECT count(*) FROM t")
    #expect(try commit(times: 4 * Self.bound) >= 4 * Self.bound)
    let outcome = try pool.writeWithoutTransaction { try checkpointer.run(on: $0) }
    #expect(outcome.obstacle?.program.pid == shell.pid)
    try shell.execute("COMMIT")
    _ = try commit(times: 30)
    #expect(try #require(index.frames()).written < Self.bound)
  }

  @Test("A checkpoint that SQLite refuses to run throws its error, and the next one works")
  func failing() throws {
    _ = try commit(times: 5)
    // Within a transaction there is none.
    let error = #expect(throws: DatabaseError.self) {
      try pool.writeWithoutTransaction { db in
        try db.execute(sql: "BEGIN")
        _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM t")
        defer { try? db.execute(sql: "ROLLBACK") }
        _ = try checkpointer.run(on: db)
      }
    }
    #expect(error?.resultCode == .SQLITE_LOCKED)
    _ = try commit(times: 5)
  }
}
