// The background loop of the warm-up, with steps that fail on purpose.

import Foundation
import Synchronization
import Testing

@testable import FairleadService

@Suite("A retrying loop")
struct RetryingLoopTests {
  @Test("repeats a step that failed, and reports the first of several failures in a row")
  func retries() throws {
    let loop = RetryingLoop(pause: { _ in .milliseconds(1) })
    struct Broken: Error {}
    let steps = Mutex(0)
    let failures = Mutex(0)
    let isDone = DispatchSemaphore(value: 0)
    loop.start {
      let step = steps.withLock { steps in
        steps += 1
        return steps
      }
      if [1, 2, 4].contains(step) { throw Broken() }
      if step == 5 { isDone.signal() }
      return step < 5
    } onFailure: { _ in
      failures.withLock { $0 += 1 }
    }
    isDone.wait()
    loop.stop()
    #expect(steps.withLock { $0 } == 5)
    #expect(failures.withLock { $0 } == 2)
  }

  @Test("can be stopped during a pause")
  func stopsInAPause() throws {
    struct Broken: Error {}
    let loop = RetryingLoop(pause: { _ in .seconds(3600) })
    let hasFailed = DispatchSemaphore(value: 0)
    loop.start {
      throw Broken()
    } onFailure: { _ in
      hasFailed.signal()
    }
    hasFailed.wait()
    loop.stop()
    // A loop that is stopped starts no more.
    loop.start {
      throw Broken()
    } onFailure: { _ in
      Issue.record("it was started again")
    }
  }

  @Test("that is started again while it runs repeats its step once more")
  func startedAgain() throws {
    let loop = RetryingLoop()
    let steps = Mutex(0)
    let (isInStep, mayGoOn, isDone) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    let step: @Sendable () throws -> Bool = {
      let number = steps.withLock { steps in
        steps += 1
        return steps
      }
      if number == 1 {
        isInStep.signal()
        mayGoOn.wait()
      } else {
        isDone.signal()
      }
      return false
    }
    loop.start(step) { _ in }
    isInStep.wait()
    loop.start(step) { _ in }
    mayGoOn.signal()
    isDone.wait()
    loop.stop()
    #expect(steps.withLock { $0 } == 2)
  }
}
