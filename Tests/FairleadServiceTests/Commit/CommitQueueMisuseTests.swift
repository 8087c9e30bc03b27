// Events that the queue's state rules out: each stops the process, since it could acknowledge a change that is not recorded.

import FairleadStore
import Testing

@testable import FairleadService

@Suite("Impossible events of the commit queue")
struct CommitQueueMisuseTests {
  @Test("an idle commit stage asks for work")
  func nextWhileIdle() async {
    await #expect(processExitsWith: .failure) {
      var queue = CommitQueue()
      _ = queue.nextForCommit()
    }
  }

  @Test("the commit stage asks for work after the queue is closed")
  func nextWhileClosed() async {
    await #expect(processExitsWith: .failure) {
      var queue = CommitQueue()
      queue.close()
      _ = queue.nextForCommit()
    }
  }

  @Test("the commit stage asks for work while a write of its batch is being prepared")
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

  @Test("a second discard begins before the first has ended")
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

/// The commit stage has write 1, and the prepare stage is preparing write 2.
private func runningQueue() -> CommitQueue {
  var queue = CommitQueue()
  _ = queue.submit(.numbered(1))
  _ = queue.nextForCommit()
  _ = queue.submit(.numbered(2))
  _ = queue.currentBatchIsPrepared(stateAfter: .empty)
  return queue
}
