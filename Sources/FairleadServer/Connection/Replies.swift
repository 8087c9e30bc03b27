// The replies that one connection owes, in the order in which its requests came.

internal import DequeModule

/// A value without a channel: slots are opened in order, filled in any order, and taken from the front.
struct Replies {
  /// Where a request is in its line.
  enum Place {
    case alone
    case inBatch
    case lastInBatch
  }

  /// What fills a slot.
  struct Reply {
    /// `nil` for a notification, which gets no reply.
    let line: [UInt8]?
    /// The change that was committed: the connection's own watches send it before this reply goes out.
    var seq: Int?
    /// The watch that begins behind this reply, if it opens one.
    var watches: [Watch] = []
  }

  private enum Slot {
    case waiting(Place)
    case filled(Place, Reply)
  }

  private var slots: Deque<Slot> = []
  /// The number of the first slot.
  private var first = 0
  /// The replies so far of the batch at the front, and the watches that it opened.
  private var batch: [UInt8] = []
  private var batchWatches: [Watch] = []
  /// Batches of which every slot is open and not every reply is there.
  private var completeBatches = 0
  /// Bytes of the replies in filled slots.
  private var filledBytes = 0

  /// Bytes of the replies that wait for others before them, or for the rest of their batch.
  var heldBytes: Int { filledBytes + batch.count }

  var isEmpty: Bool { slots.isEmpty }

  /// Bytes of the replies so far to the batch that the next request at `place` belongs to. Those of an earlier batch that
  /// still waits for its last reply do not count, nor do any for a request that is alone in its line.
  func batchBytes(at place: Place) -> Int {
    switch place {
    case .alone: 0
    case .inBatch, .lastInBatch: completeBatches > 0 ? 0 : batch.count
    }
  }

  /// Opens the slot of the next request, and returns its number.
  mutating func open(_ place: Place) -> Int {
    if case .lastInBatch = place { completeBatches += 1 }
    slots.append(.waiting(place))
    return first + slots.count - 1
  }

  /// Fills a slot; `false` where no such slot waits for its reply.
  mutating func fill(_ number: Int, with reply: Reply) -> Bool {
    let index = number - first
    guard slots.indices.contains(index), case .waiting(let place) = slots[index] else { return false }
    slots[index] = .filled(place, reply)
    filledBytes += reply.line?.count ?? 0
    return true
  }

  /// The change that the front slot replies to, once it is filled; `nil` where it replies to none.
  var nextSeq: Int? {
    guard case .filled(_, let reply) = slots.first else { return nil }
    return reply.seq
  }

  /// Takes the front slot, once it is filled. Returns the line to send now and the watches that begin behind it.
  mutating func takeFirst() -> (line: [UInt8]?, watches: [Watch])? {
    guard case .filled(let place, let reply) = slots.first else { return nil }
    slots.removeFirst()
    first += 1
    filledBytes -= reply.line?.count ?? 0
    if case .alone = place { return (reply.line, reply.watches) }
    batchWatches += reply.watches
    if let line = reply.line {
      batch.append(UInt8(ascii: batch.isEmpty ? "[" : ","))
      // Without its line feed.
      batch.append(contentsOf: line.dropLast())
    }
    guard case .lastInBatch = place else { return (nil, []) }
    completeBatches -= 1
    defer {
      batch = []
      batchWatches = []
    }
    guard !batch.isEmpty else { return (nil, batchWatches) }
    // In place: a batch has up to `Limits.batchReplyBytes`, and the loop does nothing else while they are copied.
    batch += "]\n".utf8
    return (batch, batchWatches)
  }
}
