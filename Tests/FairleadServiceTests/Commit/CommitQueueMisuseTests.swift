// Events that cannot happen: each stops the process, since going on could acknowledge what is not recorded.

import FairleadStore
import Testing

@testable import FairleadService

@Suite("Events that the commit queue cannot get")
struct CommitQueueMisuseTests {
  @Test("the commit stage asks for work that nobody has started")
  func nextWhileIdle() async {
    await #expect(processExitsWith: .failure) {
      var queue = CommitQueue()
      _ = queue.nextForCommit()
    }
  }

  @Test("the commit stage asks for work once the queue is closed")
  func nextWhileClosed() async {
    await #expect(processExitsWith: .failure) {
      var queue = CommitQueue()
      queue.close()
      _ = queue.nextForCommit()
    }
  }

  @Test("the commit stage asks for work while the prepare stage still has a write of its batch in hand")
  func nextWhileFinishing() async {
    await #expect(processExitsWith: .failure) {
      var queue = runningQueue()
      _ = queue.nextForCommit()
      _ = queue.nextForCommit()
    }
  }

  @Test("the current batch is prepared twice")
  func preparedTwice() async {
    await #expect(processExitsWith: .failure) {
      var queue = runningQueue()
      _ = queue.currentBatchIsPrepared(stateAfter: .empty)
    }
  }

  @Test("the prepare stage has prepared a write that it did not have", arguments: [true, false])
  func nothingInHand(isAborted: Bool) async {
    await #expect(processExitsWith: .failure) { [isAborted] in
      var queue = runningQueue()
      _ = queue.entryIsPrepared(stateAfter: .empty)
      _ = isAborted ? queue.entryIsAborted() : queue.entryIsPrepared(stateAfter: .empty)
    }
  }

  @Test("what is prepared is discarded twice at once")
  func discardTwice() async {
    await #expect(processExitsWith: .failure) {
      var queue = runningQueue()
      _ = queue.discardPrepared()
      _ = queue.discardPrepared()
    }
  }

  @Test("the queue is emptied while something is prepared")
  func takeWaitingWhilePrepared() async {
    await #expect(processExitsWith: .failure) {
      var queue = runningQueue()
      _ = queue.takeWaiting()
    }
  }
}

/// The commit stage has write 1, the prepare stage has write 2 in hand.
private func runningQueue() -> CommitQueue {
  var queue = CommitQueue()
  _ = queue.submit(.numbered(1))
  _ = queue.nextForCommit()
  _ = queue.submit(.numbered(2))
  _ = queue.currentBatchIsPrepared(stateAfter: .empty)
  return queue
}
