// The threads beside the event loop: they decode what is long, plan, and read the file.

internal import NIOPosix

/// Event loops never wait for SQLite. Changes have a thread of their own, the registry's writer.
final class WorkerPool: Sendable {
  private let threads: NIOThreadPool

  init(count: Int) {
    threads = NIOThreadPool(numberOfThreads: count)
    threads.start()
  }

  func run(_ work: @escaping @Sendable () -> Void) {
    threads.submit { state in
      // A pool that shuts down cancels what it never started; connections are closed by then.
      if case .active = state { work() }
    }
  }

  /// Ends what is under way, and waits for it.
  func stop() throws { try threads.syncShutdownGracefully() }
}
