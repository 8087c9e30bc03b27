// The state with which a transaction begins.

internal import FairleadModel
internal import FairleadStore

struct BatchBase: Sendable {
  let published: PublishedState
  let cache: DecodedClusterCache
  /// Clusters that are read at once where the state has to be read from the file.
  let chunk: Int
  let health: HealthBoard

  /// An empty batch on the published state. If the log has another last change, some other program wrote into it; then the state
  /// is read from the file as at a start, the batch publishes it, and the warm-up begins again.
  func emptyBatch(in reader: LedgerReader) throws -> PreparedBatch {
    let state = published.state
    let lastSeq = try reader.logEnd().seq
    guard lastSeq != state.seq else { return PreparedBatch(on: state) }
    guard lastSeq > state.seq else { throw LedgerError.shortLog(endingWith: lastSeq, recorded: state.seq) }
    cache.removeAll()
    if !published.hasAttempted(lastSeq) { raiseForeignChange(lastSeq, after: state.seq) }
    let read = try reader.currentState(chunk: chunk)
    if let damage = read.damage { throw damage }
    return PreparedBatch(on: read.state, isReread: true)
  }

  private func raiseForeignChange(_ lastSeq: Int, after seq: Int) {
    health.raise(
      .foreignChange,
      "change \(lastSeq) is the file's last, and \(seq) was the last of this daemon: another program wrote into the log",
      remedy: "find out who wrote it and whether it is right; start fairleadd again to say that it has been seen")
  }
}
