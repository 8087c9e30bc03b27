// What a connection is to do next: the state machine decides it, the handler carries it out.

enum ConnectionAction {
  /// Decode a short line now, and report `decoded`.
  case decode([UInt8])
  /// Have a worker decode a long line, and report `decoded`.
  case decodeOnWorker([UInt8])
  /// Start a request whose reply belongs in `slot`. A `.write` ends with `changeCompleted`, any other with `answered`.
  case start(DecodedRequest, slot: Int, lineBytes: Int)
  /// Answer a request without doing it: for the reason given, or else since the replies of its batch are too long already. Ends
  /// with `answered`.
  case rejectInBatch(DecodedRequest, slot: Int, InputRefusal?)
  /// Write a line.
  case send([UInt8])
  /// Write why nothing more is taken. Where the rest of a line is still coming in, report `discardDeadlinePassed` after so many
  /// seconds.
  case refuseInput(InputRefusal, discardSeconds: Int64?)
  /// Have the hub report each batch of changes with `published`, beginning with what there is now.
  case followHub
  /// Write the events that the hub has after the watch's cursor, until the peer lags behind or the turn's units are spent, and
  /// report `sentEvents`. Where the hub has dropped them, report `needsHistory`, have a worker read a page of the log where
  /// that says so, and report `historyRead`.
  indirect case sendEvents(to: Watch, units: Int)
  /// Have the hub report `turnBegan` when the other connections' watches have had their turn.
  case requestTurn
  /// Write the events of a page of the log.
  indirect case sendHistory([Event], to: Watch)
  case flush
  /// Let the loop serve its other connections, then report `yieldEnded`.
  case yieldToLoop
  /// The same, once the loop has polled its channels.
  case yieldToPoll
  case read
  /// Close the channel once the kernel has taken every reply.
  case closeAfterReplies
  /// Close the channel: an event came that this state cannot have.
  case closeNow
}
