// The requests of a connection as a value: which may be started, and whose reply goes out next.

internal import FairleadModel

/// Replies go out in the order of their requests. A read waits for the changes before it on its connection; changes go to
/// the writer together, up to `Limits.changesInFlight`. Everything else is done one at a time.
struct ConnectionRequests {
  /// What is done of the line whose turn it is. While a line is decoded or a request answered, nothing else is started.
  private enum Work {
    case idle
    case decoding(bytes: Int)
    case starting(LineInProgress)
    case answering(slot: Int, rest: LineInProgress)

    /// Goes on with what is left of a line.
    init(_ rest: LineInProgress) { self = rest.isEmpty ? .idle : .starting(rest) }
  }

  private var work = Work.idle
  private var changesInFlight = 0
  private var replies = Replies()
  /// Why no further request is done.
  private var putOffReason: InputRefusal?

  /// Bytes of the line in hand, decoded or not, and of the replies that are not out.
  var heldBytes: Int {
    let line =
      switch work {
      case .idle: 0
      case .decoding(let bytes): bytes
      case .starting(let line), .answering(_, let line): line.bytes * ServerLimits.decodedFactor
      }
    return line + replies.heldBytes
  }

  /// Has the rest of the line in hand refused.
  mutating func putOff(_ reason: InputRefusal) { putOffReason = reason }

  /// Whether every request has been answered, and every reply taken.
  var isDone: Bool {
    if case .idle = work { replies.isEmpty } else { false }
  }

  // MARK: Starting

  /// Whether the next request may be started now, or the first item of `input` be taken.
  func canStart(from input: ConnectionInput) -> Bool {
    switch work {
    case .decoding, .answering: false
    case .starting(let line):
      switch line.next {
      case nil: false
      case .answered: true
      case .write: changesInFlight < Limits.changesInFlight
      // A read sees the connection's own changes, and its reply goes behind theirs.
      case .memoryRead, .read, .plan, .planApply, .watch: changesInFlight == 0
      }
    case .idle:
      switch input.first {
      case nil: false
      case .line: true
      case .refused: replies.isEmpty
      }
    }
  }

  /// Starts what `canStart` allows; `nil` where the request is answered by that.
  mutating func start(from input: inout ConnectionInput) -> ConnectionAction? {
    guard case .starting(var line) = work, let request = line.next else { return takeItem(of: &input) }
    let isRejected = putOffReason != nil || replies.batchBytes(at: line.place) > Limits.batchReplyBytes
    let slot = replies.open(line.place)
    line.removeFirst()
    if isRejected {
      work = .answering(slot: slot, rest: line)
      return .rejectInBatch(request, slot: slot, putOffReason)
    }
    switch request {
    case .answered(let reply):
      work = Work(line)
      _ = replies.fill(slot, with: Replies.Reply(line: reply))
      return nil
    case .write:
      work = Work(line)
      changesInFlight += 1
    case .memoryRead, .read, .plan, .planApply, .watch: work = .answering(slot: slot, rest: line)
    }
    return .start(request, slot: slot, lineBytes: line.bytes)
  }

  private mutating func takeItem(of input: inout ConnectionInput) -> ConnectionAction? {
    switch input.popFirst() {
    case .line(let line):
      work = .decoding(bytes: line.count)
      return line.count > ServerLimits.loopDecodedBytes ? .decodeOnWorker(line) : .decode(line)
    case .refused(let refusal):
      return .refuseInput(refusal, discardSeconds: input.isDiscarding ? ServerLimits.discardSeconds : nil)
    case nil: return nil
    }
  }

  // MARK: Replying

  /// Takes the reply whose turn it is, unless the connection's watches have to send its change first.
  mutating func nextReply(behind watches: ConnectionWatches) -> (line: [UInt8]?, watches: [Watch])? {
    if let seq = replies.nextSeq, !watches.haveSent(through: seq) { return nil }
    return replies.takeFirst()
  }

  // MARK: Completions; `false` where the state cannot have them

  mutating func decoded(_ line: DecodedLine) -> Bool {
    guard case .decoding(let bytes) = work else { return false }
    work = Work(LineInProgress(line, bytes: bytes))
    return true
  }

  mutating func answered(_ slot: Int, with reply: Replies.Reply) -> Bool {
    guard case .answering(slot, let rest) = work, replies.fill(slot, with: reply) else { return false }
    work = Work(rest)
    return true
  }

  mutating func changeCompleted(_ slot: Int, with reply: Replies.Reply) -> Bool {
    guard changesInFlight > 0, replies.fill(slot, with: reply) else { return false }
    changesInFlight -= 1
    return true
  }
}
