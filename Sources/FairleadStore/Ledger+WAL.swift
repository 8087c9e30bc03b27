// The ledger's WAL for those above: what it holds, who keeps it from being reset, and its checkpoints.

internal import FairleadModel
internal import GRDB

extension Ledger {
  /// What the WAL holds; `nil` where its index cannot be read. Costs a microsecond, and never waits for the disk.
  package var wal: WALFrames? { openWAL?.index.frames() }

  /// Another program that holds the lock of writers.
  package var otherWriter: OtherProgram? { openWAL?.index.writer() }

  /// Another program that keeps the frames of the WAL from being checkpointed.
  package var walObstacle: WALObstacle? { wal.flatMap { openWAL?.index.obstacle(to: $0) } }

  /// Whether the WAL has grown so far that `checkpoint` is to be called. Costs a microsecond.
  package var isCheckpointDue: Bool { openWAL?.checkpointer.isDue() ?? false }

  /// Moves what the WAL holds into the database file, as far as readers allow. To be called by the thread that writes, between
  /// two transactions. Moves nothing where damage is known: what is in the WAL may be all that is whole. Throws where the files
  /// are no longer those that were opened, or the WAL has frames that are not its own.
  package func checkpoint() throws(LedgerError) -> CheckpointOutcome {
    guard let checkpointer = openWAL?.checkpointer else { return CheckpointOutcome(waiting: 0, obstacle: nil) }
    guard health.reason(.corrupt) == nil else {
      return CheckpointOutcome(waiting: wal?.waiting ?? 0, obstacle: nil)
    }
    do {
      return try pool.writeWithoutTransaction { database in
        try ensureWhole(database)
        guard let watch = files.watch else { return try checkpointer.run(on: database) }
        try ensureMovable(watch)
        return try watch.whileWriting { try checkpointer.run(on: database) }
      }
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(checkpointing: path, error)
    }
  }
}
