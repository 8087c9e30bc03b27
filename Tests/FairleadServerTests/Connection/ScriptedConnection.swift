// A connection's state machine with a script in place of the channel, the workers and the registry.

import ExactJSON
import FairleadModel
@testable import FairleadServer
import FairleadService
import NIOCore

/// Feeds lines of one-letter requests, carries out each pass, and notes the actions.
///
/// The letters: `a` answered as it is decoded, `n` a notification that is, `m` a read of memory, `f` a read of the file,
/// `p` a plan, `w` a change, `s` a watch. A line of several letters is a batch.
struct ScriptedConnection {
  var machine = ConnectionStateMachine()
  /// The actions since `actions` was called last.
  private var noted: [String] = []
  /// Answers reads of memory at once; the others wait for `answer` and `complete`.
  var answersMemory = true
  /// The reply to every read of memory; `nil` for one that names the slot.
  var memoryReply: [UInt8]?
  /// What the hub has: a watch that is sent its events has all of them, unless `eventsPerTurn` is set.
  var lastSeq = 0
  /// How many events of one watch spend a turn.
  var eventsPerTurn: Int?
  /// Called at the end of `sendEvents`.
  var onEvents: ((inout ConnectionStateMachine) -> Void)?
  /// Called in the middle of a `send`, as a channel does that reports a change of writability.
  var onSend: ((inout ConnectionStateMachine) -> Void)?

  /// Active, with a read asked for.
  init() {
    machine.activated()
    _ = actions()
  }

  /// Receives lines in one read.
  mutating func receive(_ lines: String...) {
    machine.received(ByteBuffer(string: lines.map { $0 + "\n" }.joined()))
  }

  /// Runs a pass, and returns what was done.
  mutating func actions() -> [String] {
    guard machine.beginPass() else { return ["pass under way"] }
    while let action = machine.nextAction() { perform(action) }
    defer { noted = [] }
    return noted
  }

  private mutating func perform(_ action: ConnectionAction) {
    switch action {
    case .decode(let line):
      noted.append("decode")
      machine.decoded(Self.decoded(line))
    case .decodeOnWorker: noted.append("decode on worker")
    case .start(let request, let slot, _):
      noted.append("start \(Self.letter(request))\(slot)")
      if case .memoryRead = request, answersMemory {
        machine.answered(slot, with: memoryReply ?? Self.reply("m\(slot)"))
      }
      if case .watch(let watch, _) = request {
        let opened = machine.openWatch(watch.filter, after: watch.after ?? lastSeq)
        machine.answered(slot, with: Self.reply("s\(slot)"), opening: [opened])
      }
    case .rejectInBatch(_, let slot, _):
      noted.append("reject \(slot)")
      machine.answered(slot, with: Self.reply("x\(slot)"))
    case .send(let line):
      noted.append(
        "send " + (line.count > 100 ? "\(line.count) bytes" : String(decoding: line.dropLast(), as: UTF8.self)))
      onSend?(&machine)
    case .refuseInput(let refusal, let seconds):
      let what =
        switch refusal {
        case .lineTooLong: "refuse line"
        case .overBudget(let bytes): "refuse \(bytes) bytes"
        }
      noted.append(what + (seconds.map { ", discard for \($0) s" } ?? ""))
    case .followHub:
      noted.append("follow hub")
      machine.published(through: lastSeq)
    case .sendEvents(let watch, let units):
      noted.append("events of \(watch.subscription) after \(watch.cursor)")
      let sent = min(lastSeq, watch.cursor + (eventsPerTurn ?? lastSeq))
      machine.sentEvents(watch.subscription, through: sent, spending: eventsPerTurn == nil ? 1 : units)
      onEvents?(&machine)
    case .requestTurn: noted.append("request turn")
    case .sendHistory(let events, let watch):
      noted.append("page of \(events.count) for \(watch.subscription) after \(watch.cursor)")
      onSend?(&machine)
    case .flush: noted.append("flush")
    case .yieldToLoop: noted.append("yield")
    case .yieldToPoll: noted.append("poll")
    case .read: noted.append("read")
    case .closeAfterReplies: noted.append("close after replies")
    case .closeNow: noted.append("close now")
    }
  }

  // MARK: Completions

  mutating func answer(_ slot: Int, _ text: String) { machine.answered(slot, with: Self.reply(text)) }

  mutating func complete(_ slot: Int, _ text: String, seq: Int? = nil) {
    machine.changeCompleted(slot, with: Self.reply(text), seq: seq)
  }

  /// A watch needs a page of the log. Returns whether that is to be read now.
  mutating func needsHistory(_ subscription: Int) -> Bool { machine.needsHistory(subscription) }

  /// The hub publishes another change.
  mutating func publish() {
    lastSeq += 1
    machine.published(through: lastSeq)
  }

  // MARK: The script

  static func reply(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

  static func decoded(_ line: [UInt8]) -> DecodedLine {
    let requests = line.map { request(Character(Unicode.Scalar($0))) }
    return requests.count == 1 ? .single(requests[0]) : .batch(requests)
  }

  private static func request(_ letter: Character) -> DecodedRequest {
    switch letter {
    case "n": .answered(nil)
    case "m": .memoryRead(.describe, id: 1)
    case "f": .read(.health, id: 1)
    case "p": .plan(.setExtension(name: "x", version: nil), ChangeOptions(), id: 1)
    case "w": .write(.change(.setExtension(name: "x", version: nil), ChangeOptions()), id: 1)
    case "s": .watch(WatchRequest(after: nil, filter: WatchFilter()), id: 1)
    default: .answered(reply("a"))
    }
  }

  private static func letter(_ request: DecodedRequest) -> String {
    switch request {
    case .answered: "a"
    case .memoryRead: "m"
    case .read: "f"
    case .plan, .planApply: "p"
    case .write: "w"
    case .watch: "s"
    }
  }
}
