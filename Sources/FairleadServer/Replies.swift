// The replies that one connection is owed, in the order in which its requests came.

internal import DequeModule

/// A value without a channel: slots are opened in order, filled in any, and taken from the front.
struct Replies {
  /// Where a request stands in its line.
  enum Place {
    case alone
    case inBatch(isLast: Bool)
  }

  private struct Slot {
    let place: Place
    var isFilled = false
    var reply: [UInt8]?
    var seq: Int?
    var watch: Watch?
  }

  private var slots: Deque<Slot> = []
  /// The number of the first slot.
  private var first = 0
  /// Of the batch at the front: its replies so far.
  private var batch: [UInt8] = []
  private var batchWatches: [Watch] = []

  var isEmpty: Bool { slots.isEmpty }

  /// Bytes of the batch that is being put together.
  var batchBytes: Int { batch.count }

  /// Opens the slot of the next request, and returns its number.
  mutating func open(_ place: Place) -> Int {
    slots.append(Slot(place: place))
    return first + slots.count - 1
  }

  /// Fills a slot; `nil` for a notification, which gets no reply.
  mutating func fill(_ number: Int, with reply: [UInt8]?, seq: Int? = nil, watch: Watch? = nil) {
    let index = number - first
    slots[index].isFilled = true
    slots[index].reply = reply
    slots[index].seq = seq
    slots[index].watch = watch
  }

  /// The change that stands at the front and may go out only once the watches have it; `nil` where none does.
  var nextSeq: Int? {
    guard let slot = slots.first, slot.isFilled else { return nil }
    return slot.seq
  }

  /// Takes the front slot, where it is filled: what is to be sent now, and the watches that begin behind it.
  mutating func takeFirst() -> (line: [UInt8]?, watches: [Watch])? {
    guard let slot = slots.first, slot.isFilled else { return nil }
    slots.removeFirst()
    first += 1
    let watches = slot.watch.map { [$0] } ?? []
    switch slot.place {
    case .alone: return (slot.reply, watches)
    case .inBatch(let isLast):
      batchWatches += watches
      if let reply = slot.reply {
        batch.append(UInt8(ascii: batch.isEmpty ? "[" : ","))
        // Without its line feed.
        batch.append(contentsOf: reply.dropLast())
      }
      guard isLast else { return (nil, []) }
      defer {
        batch = []
        batchWatches = []
      }
      return (batch.isEmpty ? nil : batch + Array("]\n".utf8), batchWatches)
    }
  }
}
