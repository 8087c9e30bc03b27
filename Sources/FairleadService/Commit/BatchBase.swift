// The state with which a transaction begins.

internal import FairleadStore

struct BatchBase: Sendable {
  let published: PublishedState
  let cache: DecodedClusterCache
  /// Clusters that are read at once where the state has to be read from the file.
  let chunk: Int
  let log: @Sendable (String) -> Void

  /// The published state. If the log has another last change, some other program wrote into it; then the state is read from
  /// the file as at a start, and the warm-up begins again.
  func state(in reader: LedgerReader) throws -> CurrentState {
    let state = published.state
    let lastSeq = try reader.logEnd().seq
    guard lastSeq != state.seq else { return state }
    cache.removeAll()
    log(
      "change \(lastSeq) is the file's last, and \(state.seq) was the last of this daemon: another program wrote into the log"
    )
    return try reader.currentState(chunk: chunk).state
  }
}
