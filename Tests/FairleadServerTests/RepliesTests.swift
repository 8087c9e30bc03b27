// The order of replies, without a channel: slots open in order, fill in any, and leave from the front.

import FairleadModel
@testable import FairleadServer
import Testing

@Suite("Replies in order")
struct RepliesTests {
  private func bytes(_ text: String) -> [UInt8] { Array("\(text)\n".utf8) }

  /// The lines that may go out now.
  private func taken(_ replies: inout Replies) -> [String] {
    var lines: [String] = []
    while let (line, _) = replies.takeFirst() {
      if let line { lines.append(String(decoding: line.dropLast(), as: UTF8.self)) }
    }
    return lines
  }

  @Test("whatever is ready first, replies leave in the order of their requests")
  func order() {
    var replies = Replies()
    let slots = (0..<3).map { _ in replies.open(.alone) }
    replies.fill(slots[2], with: bytes("c"))
    replies.fill(slots[1], with: bytes("b"))
    #expect(taken(&replies) == [])
    replies.fill(slots[0], with: bytes("a"))
    #expect(taken(&replies) == ["a", "b", "c"])
    #expect(replies.isEmpty)
  }

  @Test("a notification keeps its place and sends nothing")
  func notification() {
    var replies = Replies()
    let first = replies.open(.alone)
    let second = replies.open(.alone)
    replies.fill(second, with: bytes("b"))
    replies.fill(first, with: nil)
    #expect(taken(&replies) == ["b"])
  }

  @Test("a batch is one line, without its notifications, and what follows waits for all of it")
  func batch() {
    var replies = Replies()
    let slots = [
      replies.open(.inBatch(isLast: false)), replies.open(.inBatch(isLast: false)),
      replies.open(.inBatch(isLast: true)),
      replies.open(.alone),
    ]
    replies.fill(slots[3], with: bytes("next"))
    replies.fill(slots[0], with: bytes("1"))
    replies.fill(slots[1], with: nil)
    #expect(taken(&replies) == [])
    replies.fill(slots[2], with: bytes("3"))
    #expect(taken(&replies) == ["[1,3]", "next"])
  }

  @Test("a batch of notifications alone is answered by nothing")
  func silentBatch() {
    var replies = Replies()
    let slots = [replies.open(.inBatch(isLast: false)), replies.open(.inBatch(isLast: true))]
    for slot in slots { replies.fill(slot, with: nil) }
    #expect(taken(&replies) == [])
    #expect(replies.isEmpty)
  }

  @Test("a watch that a batch opens begins behind the batch's line")
  func watchInBatch() {
    var replies = Replies()
    let first = replies.open(.inBatch(isLast: false))
    let last = replies.open(.inBatch(isLast: true))
    replies.fill(first, with: bytes("1"), watch: Watch(subscription: 1, filter: WatchFilter(), after: 0))
    #expect(replies.takeFirst()?.watches.isEmpty == true)
    replies.fill(last, with: bytes("2"))
    let line = replies.takeFirst()
    #expect(line?.watches.map(\.subscription) == [1])
    #expect(line?.line == bytes("[1,2]"))
  }
}
