// The gate before the daemon's own reads.

import Dispatch
import Glibc
import Synchronization
import Testing

@testable import FairleadStore

@Suite("The gate before reads", .timeLimit(.minutes(1)))
struct ReaderGateTests {
  let gate = ReaderGate()
  private let queue = DispatchQueue(label: "reads", attributes: .concurrent)

  @Test("Without reads the gate is empty at once, and reads pass afterwards")
  func empty() {
    var hasRun = false
    #expect(gate.whileEmpty(within: 0) { hasRun = true })
    #expect(hasRun)
    #expect(gate.read { 1 } == 1)
  }

  @Test("While the gate is held a new read waits, and passes once it is open")
  func waits() {
    let order = Mutex<[String]>([])
    let hasRead = DispatchSemaphore(value: 0)
    let isHeld = gate.whileEmpty(within: 0) {
      queue.async { [gate] in
        gate.read { order.withLock { $0.append("read") } }
        hasRead.signal()
      }
      // It cannot pass, however long it has: nothing here gives it the time.
      #expect(hasRead.wait(timeout: .now() + .milliseconds(20)) == .timedOut)
      order.withLock { $0.append("held") }
    }
    #expect(isHeld)
    hasRead.wait()
    #expect(order.withLock { $0 } == ["held", "read"])
  }

  @Test("A read that does not end in time is not waited for, and the gate works when it has ended")
  func gaveUp() {
    let hasBegun = DispatchSemaphore(value: 0)
    let mayEnd = DispatchSemaphore(value: 0)
    let hasEnded = DispatchSemaphore(value: 0)
    queue.async { [gate] in
      gate.read {
        hasBegun.signal()
        mayEnd.wait()
      }
      hasEnded.signal()
    }
    hasBegun.wait()
    #expect(!gate.whileEmpty(within: 1) { Issue.record("a read is under way") })
    // Others pass meanwhile.
    #expect(gate.read { 2 } == 2)
    mayEnd.signal()
    hasEnded.wait()
    #expect(gate.whileEmpty(within: 0) {})
  }

  @Test("Readers that overlap at every moment leave the gate empty once it is held")
  func overlap() {
    let isDone = Mutex(false)
    let group = DispatchGroup()
    for _ in 0..<4 {
      queue.async(group: group) { [gate] in
        while !isDone.withLock({ $0 }) { gate.read { _ = usleep(500) } }
      }
    }
    for _ in 0..<20 { #expect(gate.whileEmpty(within: 30_000) {}) }
    isDone.withLock { $0 = true }
    group.wait()
  }
}
