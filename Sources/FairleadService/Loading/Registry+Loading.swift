// Brings the heads of all clusters into memory behind the start, a part of them at a time.

// Dispatch does not say so, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadStore

extension Registry {
  /// Loads what is not in memory yet, on a thread of its own; does nothing where that is done by hand.
  package func startLoading() {
    guard case .behind = loading else { return }
    loader.run {
      try self.loadMore()
    } failed: { error in
      self.log(
        "not all clusters could be loaded, so they are looked up in the file, and it is tried again: "
          + ((error as? LedgerError)?.message ?? "\(error)"))
    }
  }

  /// Reads the next heads, and once it has all of them has the writer take them up. Answers whether there is more to do. To
  /// be called by one thread at a time.
  package func loadMore() throws -> Bool {
    let heads = published.heads
    // Of other heads where the log was read anew meanwhile.
    guard var next = load.take().flatMap({ $0.isFor(heads) ? $0 : nil }) ?? Warmup(for: heads) else { return false }
    do {
      try ledger.read { try next.read(loading.atOnce, from: $0) }
    } catch {
      load.put(next)
      throw error
    }
    guard next.isComplete else {
      load.put(next)
      return true
    }
    next.catchUp(with: published.heads)
    return merge(next)
  }

  /// Has the writer take up what was loaded, and waits for it. Answers whether there is more to load: nothing for a writer
  /// that stopped.
  ///
  /// Only the writer moves the heads, so that no change of a group under way is lost.
  private func merge(_ load: Warmup) -> Bool {
    let isDone = DispatchSemaphore(value: 0)
    let errand: @Sendable () -> Void = {
      var heads = self.published.heads
      heads.merge(load)
      self.published.heads = heads
      isDone.signal()
    }
    guard writer.betweenGroups(errand, self) else { return false }
    isDone.wait()
    return !published.heads.isComplete
  }

  /// How many clusters are loaded, deleted ones included, while not all are; `nil` once memory has them.
  package var loadedClusters: Int? { published.heads.isComplete ? nil : load.count }
}
