// The conditions that hold: their order, their time, and what they mean for changes.

import ExactJSON
import FairleadModel
import LedgerTestSupport
import Synchronization
import Testing

@testable import FairleadStore

@Suite("The health board")
struct HealthBoardTests {
  private let log = LogLines()
  private let board: HealthBoard

  init() {
    let clock = Mutex(0)
    board = HealthBoard(
      now: {
        clock.withLock { milliseconds in
          milliseconds += 1000
          return Timestamp(milliseconds: milliseconds)
        }
      }, log: log.add)
  }

  @Test("a daemon without a condition is ok, or starting while clusters are read")
  func nothing() {
    #expect(board.status(isLoading: false) == .ok)
    #expect(board.status(isLoading: true) == .starting)
    #expect(board.reasons.isEmpty)
    #expect(board.writeBlock == nil)
  }

  @Test("a condition that lets changes through degrades the daemon; one that does not makes it read-only")
  func effects() {
    board.raise(.clockBehind, "the clock is behind", remedy: "set it")
    #expect(board.status(isLoading: true) == .degraded)
    board.raise(.locked, "sqlite3 holds the lock", remedy: "end it", by: .init(pid: 7, command: "sqlite3"))
    #expect(board.status(isLoading: false) == .readOnly)
    // The next commit finds out whether the lock is still held.
    #expect(board.writeBlock == nil)
    board.raise(.corrupt, "change 3 does not decode", remedy: "restore it")
    #expect(board.writeBlock?.code == .corrupt)
    board.stop()
    #expect(board.status(isLoading: false) == .stopping)
  }

  @Test("reasons come worst first, each with the time at which it began and its newest words")
  func order() throws {
    board.raise(.walPinned, "4 MB wait", remedy: "end the reader")
    board.raise(.diskFull, "the disk is full", remedy: "make room")
    board.raise(.walPinned, "8 MB wait", remedy: "end the reader")
    #expect(board.reasons.map(\.code) == [.diskFull, .walPinned])
    let pinned = try #require(board.reason(.walPinned))
    #expect(pinned.message == "8 MB wait")
    #expect(pinned.since == Timestamp(milliseconds: 1000))
  }

  @Test("each beginning and each end is logged once")
  func logged() {
    board.raise(.diskFull, "the disk is full", remedy: "make room")
    board.raise(.diskFull, "the disk is full", remedy: "make room")
    board.raise(.clockBehind, "the clock is behind", remedy: "set it")
    board.clear(.diskFull)
    board.clear(.diskFull)
    board.clear(.clockBehind)
    #expect(
      log.all == [
        "no changes are taken (disk-full): the disk is full; make room",
        "attention (clock-behind): the clock is behind; set it",
        "changes are taken again: disk-full is over",
        "clock-behind is over",
      ])
  }

  @Test("a reason on the wire has code, since, message, remedy, and who causes it where that is known")
  func wire() throws {
    board.raise(.locked, "sqlite3 holds the lock", remedy: "end it", by: .init(pid: 7, command: "sqlite3"))
    #expect(
      try #require(board.reason(.locked)).json == [
        "code": "locked", "since": "1970-01-01T00:00:01.000Z", "message": "sqlite3 holds the lock", "remedy": "end it",
        "by": ["pid": 7, "command": "sqlite3"],
      ])
  }

  @Test("a condition that refuses changes without an attempt makes the daemon read-only")
  func blocking() {
    for code in HealthCode.allCases where code.blocksWrites { #expect(code.effect == .readOnly) }
  }
}
