// The threads that work: a few that decode and read, and the one that writes.

internal import Dispatch
internal import FairleadModel
internal import NIOPosix
internal import Synchronization

/// Event loops never wait for SQLite. Reads run side by side; changes run one after another on a thread of their own,
/// so that a reader never queues behind a commit.
final class Workers: Sendable {
  private let readers: NIOThreadPool
  private let writer = DispatchQueue(label: "fairlead.writer")
  private let isStopping = Atomic(false)

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

  /// Runs `work` in its turn. Where the turn comes too late, since another program holds the database, or since the
  /// daemon stops and the peer is gone, it runs `late` instead, so that waits do not add up along the queue.
  func write(_ work: @escaping @Sendable () -> Void, late: @escaping @Sendable () -> Void) {
    let deadline = DispatchTime.now() + .seconds(Limits.writeWaitSeconds)
    writer.async { [self] in
      isStopping.load(ordering: .acquiring) || DispatchTime.now() > deadline ? late() : work()
    }
  }

  /// Ends what is under way, and waits for it.
  func stop() throws {
    isStopping.store(true, ordering: .releasing)
    writer.sync {}
    try readers.syncShutdownGracefully()
  }
}
