// Waiting for the daemon's own reads with an old snapshot.

import Dispatch
import Glibc
import Synchronization
import Testing

@testable import FairleadStore

@Suite("Reads that are under way", .timeLimit(.minutes(5)))
struct ReadsUnderWayTests {
  private let reads = ReadsUnderWay()
  private let queue = DispatchQueue(label: "reads", attributes: .concurrent)

  /// A read on another thread, which has begun and ends when the test says so.
  private struct LongRead {
    private let mayEnd = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ reads: ReadsUnderWay, on queue: DispatchQueue) {
      let hasBegun = DispatchSemaphore(value: 0)
      queue.async { [mayEnd, hasEnded] in
        reads.read {
          hasBegun.signal()
          mayEnd.wait()
        }
        hasEnded.signal()
      }
      hasBegun.wait()
    }

    func allowEnd() { mayEnd.signal() }

    func end() {
      mayEnd.signal()
      hasEnded.wait()
    }
  }

  @Test("Without reads nothing is waited for, and a read returns what its body does")
  func none() {
    #expect(reads.waitForEnd(within: 0))
    #expect(reads.read { 1 } == 1)
    #expect(reads.waitForEnd(within: 0))
  }

  @Test("A read that is under way is waited for")
  func waits() {
    let read = LongRead(reads, on: queue)
    #expect(!reads.waitForEnd(within: 0))
    read.allowEnd()
    #expect(reads.waitForEnd(within: 60_000))
  }

  @Test("A read that begins meanwhile is neither held up nor waited for")
  func later() {
    let earlier = LongRead(reads, on: queue)
    #expect(!reads.waitForEnd(within: 0))
    let later = LongRead(reads, on: queue)
    earlier.end()
    // The later one belongs to the generation that this wait is for.
    #expect(!reads.waitForEnd(within: 1))
    later.end()
    #expect(reads.waitForEnd(within: 0))
  }

  @Test("A wait that gave up leaves nothing behind for the next one")
  func gaveUp() {
    for _ in 0..<50 {
      let read = LongRead(reads, on: queue)
      _ = reads.waitForEnd(within: 0)
      read.end()
      let next = LongRead(reads, on: queue)
      #expect(!reads.waitForEnd(within: 0))
      next.end()
    }
  }

  @Test("Reads that overlap at every moment are waited for, generation by generation")
  func overlap() {
    let isDone = Mutex(false)
    let group = DispatchGroup()
    for _ in 0..<4 {
      queue.async(group: group) { [reads] in
        while !isDone.withLock({ $0 }) { reads.read { _ = usleep(500) } }
      }
    }
    for _ in 0..<20 { #expect(reads.waitForEnd(within: 60_000)) }
    isDone.withLock { $0 = true }
    group.wait()
  }
}
