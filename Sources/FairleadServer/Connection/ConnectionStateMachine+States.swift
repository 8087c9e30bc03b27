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
    /// How many more lines and requests may be started before the connection yields to the loop's others.
    /// `unitsLeft` is what it may spend on its watches before it requests another turn.
    case running(startsLeft: Int, unitsLeft: Int)
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
