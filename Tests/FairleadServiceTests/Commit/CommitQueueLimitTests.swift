// Barriers, limits and the end of the commit queue.

import FairleadModel
import FairleadStore
import Testing

@testable import FairleadService

@Suite("Barriers, limits and the end of the commit queue")
struct CommitQueueLimitTests: CommitQueueScript {
  var queue = smallQueue()

  // MARK: Barriers

  @Test("a barrier starts the commit stage, and runs before the waiting writes")
  mutating func barriers() {
    #expect(barrier() == "start commit")
    #expect(submit(1) == ["-"])
    #expect(barrier() == "-")
    #expect(commitNext() == "run 2")
    #expect(discard() == "done")
    #expect(commitNext() == "alone 1")
  }

  @Test("a barrier runs before a prepared batch, which is discarded for it")
  mutating func barrierBeforeBatch() {
    makePaused()
    #expect(barrier() == "-")
    #expect(commitNext() == "run 1")
    #expect(discard() == "done")
    #expect(commitNext() == "alone 2")
  }

  // MARK: Limits

  @Test("the limit counts prepared and waiting writes, but not those that the commit stage has taken")
  mutating func limit() {
    makeRunning()
    #expect(submit(3, 4, 5, 6, 7) == ["-", "-", "-", "-", "full 5"])
    #expect(commitNext() == "unfinished [2]")
    #expect(submit(8) == ["-"])
  }

  @Test("a barrier does not count towards the limit of writes")
  mutating func barrierTakesNoRoom() {
    #expect(submit(1, 2, 3, 4) == ["start commit", "-", "-", "-"])
    #expect(barrier() == "-")
    #expect(submit(5, 6) == ["-", "full 5"])
  }

  @Test("past the limit of bytes a write is refused, unless it would be the only one that waits")
  mutating func bytes() {
    #expect(describe(queue.submit(.numbered(1, bytes: 101))) == "start commit")
    #expect(describe(queue.submit(.numbered(2, bytes: 1))) == "full 1")
    #expect(commitNext() == "alone 1")
    #expect(describe(queue.submit(.numbered(3, bytes: 60))) == "-")
    #expect(describe(queue.submit(.numbered(4, bytes: 1))) == "full 1")
  }

  @Test("the bytes of a batch count until it is committed")
  mutating func bytesInCommit() {
    #expect(describe(queue.submit(.numbered(1, bytes: 30))) == "start commit")
    #expect(commitNext() == "alone 1")
    #expect(describe(queue.submit(.numbered(2, bytes: 30))) == "-")
    #expect(describe(queue.submit(.numbered(3, bytes: 41))) == "full 1")
    #expect(describe(queue.submit(.numbered(4, bytes: 40))) == "-")
    #expect(currentIsPrepared() == "prepare 2")
    #expect(entryIsPrepared() == "prepare 4")
    // The first one is committed, and the two others are taken.
    #expect(commitNext() == "unfinished [2, 4]")
    #expect(describe(queue.submit(.numbered(5, bytes: 20))) == "-")
    #expect(describe(queue.submit(.numbered(6, bytes: 11))) == "full 1")
    #expect(describe(queue.submit(.numbered(7, bytes: 10))) == "-")
  }

  @Test("past their limit barriers are refused, until those that wait are run")
  mutating func barrierLimit() {
    #expect(barrier() == "start commit")
    for _ in 1..<16 { #expect(barrier() == "-") }
    #expect(barrier() == "full 16")
    #expect(commitNext() == "run 16")
    #expect(barrier() == "-")
  }

  @Test("the bytes of writes that were put back count until these are taken")
  mutating func bytesPutBack() {
    makeReady()
    #expect(describe(queue.submit(.numbered(2, bytes: 90))) == "prepare 2")
    #expect(entryIsPrepared() == "rest")
    #expect(discard() == "done")
    #expect(describe(queue.submit(.numbered(3, bytes: 11))) == "full 1")
    _ = queue.takeWaiting()
    #expect(describe(queue.submit(.numbered(4, bytes: 90))) == "-")
  }

  @Test("an apply with more changes than a batch is a batch of its own")
  mutating func largeApply() {
    makeRunning()
    let apply = PendingWrite.apply(changes: 7)
    #expect(describe(queue.submit(apply)) == "-")
    #expect(submit(3) == ["-"])
    #expect(entryIsPrepared() == "rest")
    #expect(submit(4) == ["-"])
    #expect(commitNext() == "complete [2], prepare 7")
    #expect(entryIsPrepared() == "rest")
    #expect(commitNext() == "complete [7], prepare 3")
    #expect(entryIsPrepared() == "prepare 4")
  }

  @Test("from 32 changes on, a batch takes at most half of what is in hand, so that both stages have something to do")
  mutating func half() {
    queue = CommitQueue()
    makeReady()
    for number in 2...100 { _ = queue.submit(.numbered(number)) }
    // Of 100 changes, one is being committed.
    for _ in 2...50 { #expect(entryIsPrepared().hasPrefix("prepare")) }
    #expect(entryIsPrepared() == "rest")
    // The more wait, the more may go together.
    #expect(submit(101, 102) == ["prepare 52", "-"])
    #expect(entryIsPrepared() == "rest")
    guard case .commitComplete(let batch, let next?) = queue.nextForCommit() else {
      Issue.record("the batch is complete")
      return
    }
    #expect(batch.writes.map(\.number) == Array(2...52))
    #expect(next.write.number == 53)
  }

  @Test("small batches take all that waits")
  func limits() {
    let limits = CommitLimits()
    #expect([0, 1, 32, 64, 65, 200, 512, 10_000].map(limits.batchLimit) == [32, 32, 32, 32, 33, 100, 256, 256])
  }

  // MARK: The end

  @Test("a closed queue refuses writes and barriers")
  mutating func closed() {
    queue.close()
    queue.close()
    #expect(submit(1) == ["closed"])
    #expect(barrier() == "closed")
  }

  @Test("a queue that is closed during a commit commits the writes that it has, and accepts no more")
  mutating func draining() {
    makeRunning()
    submit(3)
    queue.close()
    queue.close()
    #expect(submit(4) == ["closed"])
    #expect(barrier() == "closed")
    #expect(commitNext() == "unfinished [2]")
    #expect(entryIsPrepared() == "close, prepare 3")
    #expect(entryIsPrepared() == "rest")
    #expect(commitNext() == "complete [3]")
    #expect(commitNext() == "rest")
    #expect(submit(5) == ["closed"])
  }

  @Test("a batch that is discarded while the queue drains is committed afterwards")
  mutating func drainingWithDiscard() {
    makePaused()
    queue.close()
    #expect(discard() == "done")
    #expect(commitNext() == "alone 2")
    #expect(currentIsPrepared() == "-")
    #expect(commitNext() == "rest")
  }
}
