// A value that one thread sets once and another one waits for.

// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import Synchronization

final class BlockingResult<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let arrival = DispatchSemaphore(value: 0)

  /// To be called once.
  func set(_ newValue: Value) {
    value.withLock { $0 = newValue }
    arrival.signal()
  }

  /// Blocks until the value is set. To be called by one thread.
  func wait() -> Value {
    while true {
      if let value = value.withLock({ $0 }) { return value }
      arrival.wait()
    }
  }
}
