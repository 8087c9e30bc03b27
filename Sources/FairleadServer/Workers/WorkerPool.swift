// The threads beside the event loop: they decode long lines, plan, and read the database.

// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import LinuxSupport
internal import Synchronization

/// The event loop never waits for SQLite. Changes do not come here: the registry has its own writer threads.
///
/// Each lane has its own threads and its own turns. Those of the longer lanes stand back where the processors are taken, so
/// that the event loop, the writer and short reads have them first.
final class WorkerPool: Sendable {
  /// Whose work it is: a connection.
  typealias Owner = ObjectIdentifier

  private final class LaneState: Sendable {
    struct State {
      var queue: TurnQueue<Owner, Work>
      var isStopped = false
    }

    let state: Mutex<State>
    /// Signalled once for each turn that comes, and for each thread at the stop. A turn that is dropped leaves its signal, for
    /// which a thread looks in vain.
    let turns = DispatchSemaphore(value: 0)

    init(places: Int) { state = Mutex(State(queue: TurnQueue(places: places))) }

    /// Changes the queue, and wakes a thread for each turn that comes by that.
    func update<Value: Sendable>(_ body: (inout TurnQueue<Owner, Work>) -> Value) -> Value {
      let (value, came) = state.withLock { state in
        let before = state.queue.count
        return (body(&state.queue), state.queue.count - before)
      }
      for _ in 0..<max(0, came) { turns.signal() }
      return value
    }
  }

  private let lanes: [Work.Lane: LaneState]
  private let threads: [OwnThread]
  private let sizes: WorkerSizes

  /// A thread calls `beforeStep` before each step: tests hold up the threads of a lane with it.
  init(
    sizes: WorkerSizes, beforeStep: @escaping @Sendable (Work.Lane) -> Void = { _ in }
  ) throws(StartError) {
    let lanes = Dictionary(
      uniqueKeysWithValues: Work.Lane.allCases.map { lane in
        (lane, LaneState(places: sizes.places(of: lane)))
      })
    self.lanes = lanes
    var threads: [OwnThread] = []
    do throws(SystemError) {
      for lane in Work.Lane.allCases {
        for _ in 0..<sizes.threads(of: lane) {
          threads.append(
            try OwnThread(niceness: sizes.niceness(of: lane)) { Self.run(lane, lanes, beforeStep) })
        }
      }
    } catch {
      Self.end(lanes, sizes)
      for thread in threads { thread.join() }
      throw StartError(
        "cannot start a thread: \(describe(errno: error.errno)); raise the limit of processes (ulimit -u)")
    }
    self.threads = threads
    self.sizes = sizes
  }

  /// Queues work of `owner`.
  func run(_ work: Work, of owner: Owner) { Self.add(work, of: owner, to: lanes) }

  /// Drops the work of `owner`, who is gone. A step that is under way is finished.
  func removeAll(of owner: Owner) {
    for lane in lanes.values { lane.update { $0.removeAll(of: owner) } }
  }

  /// Waits for the steps that are under way, and drops all other work: the connections are closed by then. To be called once.
  func stop() {
    Self.end(lanes, sizes)
    for thread in threads { thread.join() }
  }

  deinit { Self.end(lanes, sizes) }

  /// Has the threads end after their steps.
  private static func end(_ lanes: [Work.Lane: LaneState], _ sizes: WorkerSizes) {
    for (lane, state) in lanes {
      state.state.withLock { $0.isStopped = true }
      for _ in 0..<sizes.threads(of: lane) { state.turns.signal() }
    }
  }

  private static func add(_ work: Work, of owner: Owner, to lanes: [Work.Lane: LaneState]) {
    lanes[work.lane]?.update { $0.add(work, of: owner, needsPlace: work.keeps) }
  }

  /// A thread of `lane`, until the pool is stopped.
  private static func run(
    _ lane: Work.Lane, _ lanes: [Work.Lane: LaneState], _ beforeStep: @Sendable (Work.Lane) -> Void
  ) {
    guard let own = lanes[lane] else { return }
    while true {
      own.turns.wait()
      let (next, isStopped) = own.state.withLock { ($0.isStopped ? nil : $0.queue.next(), $0.isStopped) }
      if isStopped { return }
      guard let (owner, work) = next else { continue }
      beforeStep(lane)
      let rest = work.step()
      let stays = rest.map { $0.lane == lane } ?? false
      let isThere = own.update { $0.finished(owner, rest: stays ? rest : nil) }
      if let rest, !stays, isThere { add(rest, of: owner, to: lanes) }
    }
  }
}
