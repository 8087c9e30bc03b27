// The write path: two threads, and the loop in which each batch is prepared, written, committed, published and completed.

// Dispatch is not annotated, but its queues and semaphores may be used from any thread.
@preconcurrency internal import Dispatch
internal import FairleadModel
internal import FairleadStore
internal import Synchronization

/// Owns the ledger's write transaction. `CommitQueue` decides what happens next; this carries it out.
final class CommitPipeline: Sendable {
  let ledger: Ledger
  let published: PublishedState
  private let cache: DecodedClusterCache
  private let preparer: any WritePreparer
  private let base: BatchBase
  let recovery: CommitRecovery
  let checkpoints: CheckpointStage
  let foreignCommits: ForeignCommits
  /// What the commit stage is doing.
  let progress: CommitProgress
  private let hooks: CommitHooks
  /// Called when a state is published that lacks clusters, or was read from the file again and is not compared with the log.
  private let onUncheckedState: @Sendable () -> Void

  private let queue: Mutex<CommitQueue>
  private let commitStage = DispatchQueue(label: "fairlead.commit", qos: .userInitiated)
  private let prepareStage = DispatchQueue(label: "fairlead.prepare", qos: .userInitiated)
  /// Signalled once for each time that the commit stage waits for the prepare stage to leave a batch.
  private let prepareStageHasLeft = DispatchSemaphore(value: 0)

  init(
    ledger: Ledger, published: PublishedState, cache: DecodedClusterCache, preparer: any WritePreparer, base: BatchBase,
    recovery: CommitRecovery, checkpoints: CheckpointStage, foreignCommits: ForeignCommits, hooks: CommitHooks,
    limits: CommitLimits = CommitLimits(),
    onUncheckedState: @escaping @Sendable () -> Void
  ) {
    self.ledger = ledger
    self.published = published
    self.cache = cache
    self.preparer = preparer
    self.base = base
    self.recovery = recovery
    self.checkpoints = checkpoints
    self.foreignCommits = foreignCommits
    progress = recovery.progress
    self.hooks = hooks
    self.onUncheckedState = onUncheckedState
    queue = Mutex(CommitQueue(limits: limits))
  }

  // MARK: Callers

  /// Queues a write. It is refused at once where the queue is full or closed.
  func submit(_ write: PendingWrite) {
    let rejection = admit { $0.submit(write) }
    if let rejection { write.refuse(rejection.refusal) }
  }

  /// Submits the operation that `make` makes of a completion, and waits for its result. Not to be called by a completion or a
  /// hook.
  func perform<Value: Sendable>(
    by actor: Actor, at arrival: Clocks,
    _ make: (@escaping PendingWrite.Completion<Value>) -> PendingWrite.Operation
  ) throws(Refusal) -> Value {
    dispatchPrecondition(condition: .notOnQueue(commitStage))
    let result = BlockingResult<Result<Value, Refusal>>()
    submit(PendingWrite(make { value in { result.set(value) } }, by: actor, arrival: arrival))
    return try result.wait().get()
  }

  /// Runs `work` on the commit stage between two batches, with nothing prepared, before the writes that wait. Returns whether
  /// it will run: not once the queue is closed.
  func runExclusively(_ work: @escaping @Sendable () -> Void) -> Bool { admit { $0.addBarrier(work) } == nil }

  /// Refuses further writes, commits those in the queue, and waits for that. Not to be called by a completion or a hook.
  func close() {
    dispatchPrecondition(condition: .notOnQueue(commitStage))
    queue.withLock { $0.close() }
    commitStage.sync {}
  }

  /// Runs `work` on the commit stage once no write is left to be committed.
  func whenResting(_ work: @escaping @Sendable () -> Void) { commitStage.async(execute: work) }

  private func admit(_ event: (inout CommitQueue) -> CommitQueue.Admission) -> CommitQueue.Rejection? {
    queue.withLock { queue in
      switch event(&queue) {
      case .refused(let rejection): return rejection
      case .accepted(let stage):
        // Under the lock, so that `close` does not look for the commit stage before it is started.
        start(stage)
        return nil
      }
    }
  }

  private func start(_ stage: CommitQueue.Start?) {
    switch stage {
    case .commitStage: commitStage.async { self.commitBatches() }
    case .prepareStage(let entry): prepareStage.async { self.prepareBatches(from: entry) }
    case nil: break
    }
  }

  // MARK: The commit stage

  private func commitBatches() {
    while true {
      switch queue.withLock({ $0.nextForCommit() }) {
      case .prepareAndCommit(let write): commit(CommitBatch(writes: [write], preparation: .here))
      case .commitComplete(let next, let entry):
        next.batch.channel.close()
        start(entry.map(CommitQueue.Start.prepareStage))
        commit(CommitBatch(writes: next.writes, preparation: .ahead(next.batch)))
      case .commitUnfinished(let next): commit(CommitBatch(writes: next.writes, preparation: .ahead(next.batch)))
      case .runExclusively(let barriers):
        discardPrepared(StaleReadView())
        for barrier in barriers { barrier() }
      case .rest: return
      }
    }
  }

  /// Commits a batch and completes all of its writes, whatever happens. Where no transaction can begin, completes those that
  /// wait as well.
  private func commit(_ batch: CommitBatch) {
    var hasBegun = false
    do {
      try recovery.ensureWritable()
      try run(batch) { hasBegun = true }
    } catch {
      discardPrepared(error)
      // Another program holds the database, or it cannot be written: those that wait would only wait for the same again.
      guard hasBegun else { return refuse(batch.writes + queue.withLock { $0.takeWaiting() }, error) }
      if error is UncertainCommit { return refuse(batch.writes, error) }
      // The transaction was rolled back: a row was refused, the disk failed, or the batch was prepared on a stale state. It is
      // prepared once more, on the state as it is, with savepoints: of refused rows only the writes that own them fail.
      do {
        try run(batch.withSavepoints)
      } catch {
        cache.removeAll()
        refuse(batch.writes, error)
      }
    }
  }

  /// One batch, from its writes to their results.
  func run(_ batch: CommitBatch, onBegin: () -> Void = {}) throws {
    progress.enter(.waitingForLock)
    defer { progress.enter(.resting) }
    let written = try ledger.write { writer in
      progress.enter(.writing)
      onBegin()
      try foreignCommits.look(in: writer.reader)
      let prepared = try prepare(batch, in: writer)  // 1. Prepare: plan each write on the state before it.
      try prepared.channel.drain(into: writer, onProgress: progress.advance)  // 2. Write: execute the batch's SQL.
      try recovery.ensureUnblocked()
      let written = WrittenBatch(prepared.contents, publish: publish)
      published.isAttempting(prepared.contents.state.seq)
      hooks.beforeCommit(written)
      progress.enter(.syncing)
      return written  // 3. Commit: `Ledger.write` does, with one fsync for the batch.
    } publish: { written in
      written.publish()  // 4. Publish: readers and watches see the changes.
    }
    ledger.noteAcknowledged(written.contents.state.seq)
    recovery.hasCommitted(wrote: !written.contents.changes.isEmpty)
    for change in written.contents.changes where change.isRevert { hooks.onRevert(change) }
    written.complete()  // 5. Complete: every caller gets its result.
    checkpoints.batchIsAnswered()
  }

  /// The batch on the state with which its transaction begins, prepared here unless the prepare stage has done so.
  private func prepare(_ batch: CommitBatch, in writer: LedgerWriter) throws -> PreparedBatch {
    switch batch.preparation {
    case .ahead(let prepared):
      guard try writer.reader.logEnd().seq == prepared.baseSeq else { throw StaleReadView() }
      return prepared
    case .here:
      let prepared = try base.emptyBatch(in: writer.reader)
      try add(batch.writes, to: prepared, BufferedSink(channel: prepared.channel, writer: writer))
      // From here on the prepare stage can work on the next batch, while this one is written and synced.
      queue.withLock { start($0.currentBatchIsPrepared(stateAfter: prepared.state)) }
      return prepared
    case .hereWithSavepoints:
      let prepared = try base.emptyBatch(in: writer.reader)
      try add(batch.writes, to: prepared, ImmediateSink(writer: writer), usesSavepoints: true)
      return prepared
    }
  }

  private func add(
    _ writes: [PendingWrite], to prepared: PreparedBatch, _ sink: any WriteSink, usesSavepoints: Bool = false
  ) throws {
    do throws(BatchAborted) {
      for write in writes {
        try prepared.add(
          write, with: preparer, sink: sink, cache: cache, usesSavepoints: usesSavepoints, encodesNow: true)
      }
    } catch {
      throw error.cause
    }
    prepared.channel.close()
  }

  private func publish(_ contents: BatchContents) {
    guard contents.isNews else { return }
    published.publish(contents.state, contents.changes, corrected: contents.corrected)
    if contents.rereadThrough != nil || !contents.state.isComplete { onUncheckedState() }
    if let lastSeq = contents.rereadThrough { hooks.onForeignChanges(lastSeq) }
    if !contents.changes.isEmpty { hooks.onCommit(contents.changes) }
  }

  /// Puts what is prepared back into the queue. The prepare stage rests when this returns.
  private func discardPrepared(_ cause: any Error) {
    if case .waitForPrepareStage(let batch) = queue.withLock({ $0.discardPrepared() }) {
      batch.channel.cancel(with: cause)
      prepareStageHasLeft.wait()
    }
    // It may have entries of changes that are not recorded after all.
    cache.removeAll()
  }

  // MARK: The prepare stage

  private func prepareBatches(from first: CommitQueue.Entry) {
    var next: CommitQueue.Entry? = first
    while let entry = next {
      switch prepare(entry) {
      case .prepare(let entry): next = entry
      case .close(let batch, let entry):
        batch.channel.close()
        next = entry
      case .rest: return
      case .restAndWakeCommitStage:
        prepareStageHasLeft.signal()
        return
      }
    }
  }

  private func prepare(_ entry: CommitQueue.Entry) -> CommitQueue.PrepareStep {
    do throws(BatchAborted) {
      try entry.batch.add(entry.write, with: preparer, sink: entry.batch.channel, cache: cache)
      return queue.withLock { $0.entryIsPrepared(stateAfter: entry.batch.state) }
    } catch {
      return queue.withLock { $0.entryIsAborted() }
    }
  }
}
