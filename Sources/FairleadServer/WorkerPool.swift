// The threads beside the event loop: they decode long lines, plan, and read the database.

internal import NIOPosix

/// The event loop never waits for SQLite. Changes do not come here: the registry has its own writer thread.
final class WorkerPool: Sendable {
  private let threads: NIOThreadPool

  init(count: Int) {
    threads = NIOThreadPool(numberOfThreads: count)
    threads.start()
  }

  func run(_ work: @escaping @Sendable () -> Void) {
    threads.submit { state in
      // A pool that shuts down cancels the work that it has not started; the connections are closed by then.
      if case .active = state { work() }
    }
  }

  /// Waits for the work that is under way.
  func stop() throws { try threads.syncShutdownGracefully() }
}
