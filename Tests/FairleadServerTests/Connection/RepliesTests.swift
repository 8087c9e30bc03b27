// The order of replies without a channel: slots are opened in order, filled in any order, and sent from the front.

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

  private func fill(_ replies: inout Replies, _ slot: Int, with line: [UInt8]?, watches: [Watch] = []) {
    #expect(replies.fill(slot, with: Replies.Reply(line: line, watches: watches)) == true)
  }

  @Test("replies are sent in the order of their requests, whichever is ready first")
  func order() {
    var replies = Replies()
    let slots = (0..<3).map { _ in replies.open(.alone) }
    fill(&replies, slots[2], with: bytes("c"))
    fill(&replies, slots[1], with: bytes("b"))
    #expect(taken(&replies) == [])
    fill(&replies, slots[0], with: bytes("a"))
    #expect(taken(&replies) == ["a", "b", "c"])
    #expect(replies.isEmpty)
  }

  @Test("a notification keeps its place and sends nothing")
  func notification() {
    var replies = Replies()
    let first = replies.open(.alone)
    let second = replies.open(.alone)
    fill(&replies, second, with: bytes("b"))
    fill(&replies, first, with: nil)
    #expect(taken(&replies) == ["b"])
  }

  @Test("a batch is one line, without its notifications, and what follows waits for all of it")
  func batch() {
    var replies = Replies()
    let slots = [
      replies.open(.inBatch), replies.open(.inBatch),
      replies.open(.lastInBatch),
      replies.open(.alone),
    ]
    fill(&replies, slots[3], with: bytes("next"))
    fill(&replies, slots[0], with: bytes("1"))
    fill(&replies, slots[1], with: nil)
    #expect(taken(&replies) == [])
    fill(&replies, slots[2], with: bytes("3"))
    #expect(taken(&replies) == ["[1,3]", "next"])
  }

  @Test("a batch of notifications alone is answered by nothing")
  func silentBatch() {
    var replies = Replies()
    let slots = [replies.open(.inBatch), replies.open(.lastInBatch)]
    for slot in slots { fill(&replies, slot, with: nil) }
    #expect(taken(&replies) == [])
    #expect(replies.isEmpty)
  }

  @Test("a watch that a batch opens begins after the batch's line")
  func watchInBatch() {
    var replies = Replies()
    let first = replies.open(.inBatch)
    let last = replies.open(.lastInBatch)
    fill(&replies, first, with: bytes("1"), watches: [Watch(subscription: 1, filter: WatchFilter(), after: 0)])
    #expect(replies.takeFirst()?.watches.isEmpty == true)
    fill(&replies, last, with: bytes("2"))
    let line = replies.takeFirst()
    #expect(line?.watches.map(\.subscription) == [1])
    #expect(line?.line == bytes("[1,2]"))
  }

  @Test("a slot is filled once, and only while it is open")
  func filledOnce() {
    var replies = Replies()
    let slot = replies.open(.alone)
    #expect(replies.fill(slot + 1, with: Replies.Reply(line: nil)) == false)
    fill(&replies, slot, with: bytes("a"))
    #expect(replies.fill(slot, with: Replies.Reply(line: bytes("b"))) == false)
    #expect(taken(&replies) == ["a"])
    #expect(replies.fill(slot, with: Replies.Reply(line: nil)) == false)
  }

  @Test("the change that the front reply is about is known once it is filled")
  func seq() {
    var replies = Replies()
    let slot = replies.open(.alone)
    #expect(replies.nextSeq == nil)
    #expect(replies.fill(slot, with: Replies.Reply(line: bytes("a"), seq: 7)) == true)
    #expect(replies.nextSeq == 7)
    #expect(taken(&replies) == ["a"])
    #expect(replies.nextSeq == nil)
  }
}
