// The input half of a connection as a value: bytes in, lines out, and whether more should be read.

internal import DequeModule
internal import FairleadModel
internal import NIOCore

/// Decodes lines and queues them until their turn comes.
///
/// A refusal ends the input: of an over-long line, or of a connection that holds too much memory. It keeps its place in the
/// queue, so that the lines before it are answered first. The rest of the line is discarded rather than left unread: closing a
/// socket with unread bytes resets it, and the peer would lose the reply that says why.
struct ConnectionInput {
  enum Item: Equatable {
    case line([UInt8])
    /// Nothing is taken from here on. Always the last item.
    case refused(InputRefusal)
  }

  private enum State {
    case open(LineDecoder)
    /// Drops bytes until the over-long line ends.
    case discarding
    /// The peer has stopped sending, or the daemon has stopped listening to it.
    case ended
  }

  private var state = State.open(LineDecoder(limit: Limits.lineBytes))
  private var items: Deque<Item> = []
  private var queuedBytes = 0
  /// What has come of a line that is not complete.
  private var partialBytes = 0

  /// Bytes of the lines that wait, and of the one that comes in.
  var heldBytes: Int { queuedBytes + partialBytes }

  /// The item whose turn is next.
  var first: Item? { items.first }

  /// Whether the connection should read: it stops at so many lines, and while its peer does not take the replies, so that
  /// neither a flood nor a peer that never reads costs more than this connection's buffers.
  func wantsRead(isWritable: Bool) -> Bool {
    switch state {
    case .open: isWritable && items.count < Limits.queuedLines && queuedBytes < Limits.queuedLineBytes
    case .discarding: true
    case .ended: false
    }
  }

  /// Whether nothing is queued and nothing more can come.
  var isExhausted: Bool {
    if case .ended = state { items.isEmpty } else { false }
  }

  mutating func received(_ buffer: ByteBuffer) {
    switch state {
    case .open(var decoder):
      // Moved out of the state while it decodes: with two owners, each piece would copy the whole line so far.
      state = .ended
      var rest = buffer
      do throws(LineDecoder.LineTooLong) {
        while let line = try decoder.decode(buffer: &rest) { append(line) }
        partialBytes = decoder.partialBytes
        state = .open(decoder)
      } catch {
        partialBytes = 0
        items.append(.refused(.lineTooLong))
        discard(rest)
      }
    case .discarding: discard(buffer)
    case .ended: break
    }
  }

  /// The peer sends nothing more; what it sent last may lack its line feed.
  mutating func ended() {
    guard case .open(var decoder) = state else {
      state = .ended
      return
    }
    state = .ended
    partialBytes = 0
    do throws(LineDecoder.LineTooLong) {
      var rest = ByteBuffer()
      if let line = try decoder.decodeLast(buffer: &rest, seenEOF: true) { append(line) }
    } catch {
      items.append(.refused(.lineTooLong))
    }
  }

  /// The daemon takes no further line, nor the rest of one.
  mutating func stop() {
    state = .ended
    partialBytes = 0
  }

  /// Drops everything that has come and is not begun, and refuses it.
  mutating func putOff(_ reason: InputRefusal) {
    items = [.refused(reason)]
    queuedBytes = 0
    switch state {
    case .open where partialBytes > 0: state = .discarding
    case .open: state = .ended
    case .discarding, .ended: break
    }
    partialBytes = 0
  }

  /// The peer has had time to read why its line was refused; it is not waited for any longer.
  mutating func discardDeadlinePassed() { if case .discarding = state { state = .ended } }

  mutating func popFirst() -> Item? {
    let item = items.popFirst()
    if case .line(let line) = item { queuedBytes -= line.count }
    return item
  }

  /// Whether the rest of an over-long line is still coming in.
  var isDiscarding: Bool { if case .discarding = state { true } else { false } }

  /// Drops bytes of an over-long line, which may end with them.
  private mutating func discard(_ bytes: ByteBuffer) {
    state = bytes.readableBytesView.contains(UInt8(ascii: "\n")) ? .ended : .discarding
  }

  private mutating func append(_ line: [UInt8]) {
    items.append(.line(line))
    queuedBytes += line.count
  }
}
