// The threads that work: a few that decode and read, and the one that writes.

internal import Dispatch
internal import NIOPosix

/// Event loops never wait for SQLite. Reads run side by side; changes run one after another on a thread of their own,
/// so that a reader never queues behind a commit.
final class Workers: Sendable {
  private let readers: NIOThreadPool
  private let writer = DispatchQueue(label: "fairlead.writer")

  init(readers count: Int) {
    readers = NIOThreadPool(numberOfThreads: count)
    readers.start()
  }

  func read(_ work: @escaping @Sendable () -> Void) {
    readers.submit { state in
      // A pool that shuts down cancels what it never started; connections are closed by then.
      if case .active = state { work() }
    }
  }

  func write(_ work: @escaping @Sendable () -> Void) { writer.async(execute: work) }

  /// Waits until what was handed in has ended.
  func stop() throws {
    writer.sync {}
    try readers.syncShutdownGracefully()
  }
}
