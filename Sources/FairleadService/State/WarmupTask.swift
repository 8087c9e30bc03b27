// Reads the clusters that are not in memory yet, a chunk at a time, behind a daemon that already serves.

internal import FairleadStore
internal import Synchronization

final class WarmupTask: Sendable {
  /// Runs work on the commit thread between two batches; returns whether it will run.
  typealias RunExclusively = @Sendable (_ work: @escaping @Sendable () -> Void) -> Bool

  private struct Progress {
    /// What has been read. `nil` while a step has it, so that it grows in place.
    var warmup: Warmup?
    /// Its clusters, also while a step has it.
    var count: Int

    init(_ warmup: Warmup?) {
      self.warmup = warmup
      count = warmup?.count ?? 0
    }

    mutating func take() -> Warmup? {
      defer { warmup = nil }
      return warmup
    }
  }

  private let policy: WarmupPolicy
  private let ledger: Ledger
  private let published: PublishedState
  private let incidents: IncidentLog
  /// Called when every cluster is in memory.
  private let onComplete: @Sendable () -> Void
  private let progress: Mutex<Progress>
  private let runExclusively = Mutex<RunExclusively>({ _ in false })
  private let loop = RetryingLoop()

  /// `first` is what the start has read already.
  init(
    _ policy: WarmupPolicy, first: Warmup?, ledger: Ledger, published: PublishedState, incidents: IncidentLog,
    onComplete: @escaping @Sendable () -> Void
  ) {
    self.policy = policy
    self.ledger = ledger
    self.published = published
    self.incidents = incidents
    self.onComplete = onComplete
    progress = Mutex(Progress(first))
  }

  /// Says how to run work between two batches. A call and no parameter of `init`, since the commit pipeline comes later and
  /// wakes this task; `runExclusively` must not keep the pipeline alive.
  func connect(_ runExclusively: @escaping RunExclusively) { self.runExclusively.withLock { $0 = runExclusively } }

  /// Reads the rest in the background, where the policy says so. Also to be called when a state is published that lacks
  /// clusters.
  func start() {
    guard case .background = policy else { return }
    loop.start {
      let hasMore = try self.step()
      if !hasMore, self.published.state.isComplete { self.onComplete() }
      return hasMore
    } onFailure: { error in
      self.incidents.note(error)
      self.incidents.log(
        "not all clusters could be loaded, so they are looked up in the file, and it is tried again: \(described(error))"
      )
    }
  }

  func stop() { loop.stop() }

  /// Reads the next chunk, and merges everything into the published state after the last one. Returns whether there is more to
  /// do. One thread at a time may call this.
  func step() throws -> Bool {
    let state = published.state
    // What was read for another state is void: the state has been read from the file again meanwhile.
    let current = progress.withLock { $0.take() }.flatMap { $0.isFor(state) ? $0 : nil }
    guard var warmup = current ?? Warmup(for: state) else { return false }
    do {
      try ledger.read { try warmup.read(policy.chunk, from: $0) }
    } catch {
      put(warmup)
      throw error
    }
    guard warmup.isComplete else {
      put(warmup)
      return true
    }
    warmup.catchUp(with: published.state)
    return merge(warmup)
  }

  /// How many clusters have been read, deleted ones included; `nil` once all clusters are in memory.
  var loadedClusters: Int? { published.state.isComplete ? nil : progress.withLock { $0.count } }

  private func put(_ warmup: Warmup) { progress.withLock { $0 = Progress(warmup) } }

  /// Merges on the commit thread, which alone publishes states. Returns whether there is more to do: nothing once the queue is
  /// closed.
  private func merge(_ warmup: Warmup) -> Bool {
    let isDone = BlockingResult<Void>()
    let runExclusively = runExclusively.withLock { $0 }
    let willRun = runExclusively {
      var state = self.published.state
      state.merge(warmup)
      self.published.publish(state)
      isDone.set(())
    }
    guard willRun else { return false }
    isDone.wait()
    return !published.state.isComplete
  }
}
