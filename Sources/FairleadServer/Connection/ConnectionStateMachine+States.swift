// The states of a connection, each in its own aspect.

extension ConnectionStateMachine {
  enum Phase {
    /// The channel is not active yet.
    case inactive
    case active
    /// An event came that cannot come.
    case failed
    /// The channel has been asked to close.
    case closing
    case closed
  }

  /// Whether the handler is carrying out actions. A write or a flush may report a change of writability before it returns,
  /// so events come in the middle of a pass; the pass that runs acts on them.
  enum Pass {
    case none
    case running(PassBudget)
  }

  /// What a pass may still do before the connection yields to the loop's others.
  struct PassBudget {
    /// Lines and requests to start.
    var starts: Int
    /// Bytes of replies.
    var replyBytes: Int
    /// What it may spend on its watches before it requests another turn.
    var watchUnits: Int
  }

  enum LoopYield {
    case none
    case scheduled
  }

  enum WatchTurn {
    case none
    /// The hub has been asked for another turn, and no event goes out before it.
    case requested
  }

  enum Reading {
    case none
    /// The channel has been asked for input.
    case requested
  }

  enum Peer {
    case takesReplies
    /// The replies that it has not taken fill the channel's buffer.
    case lagsBehind
  }

  enum Output {
    case flushed
    case unflushed
  }
}
