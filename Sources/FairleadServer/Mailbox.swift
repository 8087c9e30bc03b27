// What other threads have for the event loop, handed over in one go.

internal import NIOCore
internal import Synchronization

/// Waking the loop costs a system call, so that a group's replies, and the ring that goes before them, share one. In order.
final class Mailbox: Sendable {
  private let loop: any EventLoop
  private let letters = Mutex<[@Sendable () -> Void]>([])

  init(loop: any EventLoop) { self.loop = loop }

  /// Runs `letter` on the loop, behind those that were posted before.
  func post(_ letter: @escaping @Sendable () -> Void) {
    let isFirst = letters.withLock { letters in
      letters.append(letter)
      return letters.count == 1
    }
    if isFirst { loop.execute { self.open() } }
  }

  private func open() {
    let all = letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
    for letter in all { letter() }
  }
}
