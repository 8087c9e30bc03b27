// A connection's input without a socket: which lines are queued, and when reading stops.

import FairleadModel
@testable import FairleadServer
import NIOCore
import Testing

@Suite("The input of a connection")
struct ConnectionInputTests {
  private func input(_ text: String) -> ConnectionInput {
    var input = ConnectionInput()
    input.received(ByteBuffer(string: text))
    return input
  }

  private let overlong = ByteBuffer(repeating: UInt8(ascii: "x"), count: Limits.lineBytes + 1)

  /// Everything that is queued.
  private func taken(_ input: inout ConnectionInput) -> [String] {
    var items: [String] = []
    while let item = input.popFirst() {
      switch item {
      case .line(let line): items.append(String(decoding: line, as: UTF8.self))
      case .refused(.lineTooLong): items.append("TOO LONG")
      case .refused(.overBudget(let bytes)): items.append("OVER BUDGET \(bytes)")
      }
    }
    return items
  }

  @Test("lines are queued in order, and half a line waits for its end")
  func lines() {
    var input = input("one\ntwo\nthr")
    #expect(input.first == .line(Array("one".utf8)))
    #expect(taken(&input) == ["one", "two"])
    input.received(ByteBuffer(string: "ee\n"))
    #expect(taken(&input) == ["three"])
    #expect(!input.isExhausted)
  }

  @Test("the peer's last line needs no line feed, and nothing after it is accepted")
  func ended() {
    var input = input("one\ntwo")
    input.ended()
    input.received(ByteBuffer(string: "three\n"))
    #expect(!input.isExhausted)
    #expect(taken(&input) == ["one", "two"])
    #expect(input.isExhausted)
    #expect(!input.wantsRead(isWritable: true))
  }

  @Test("when the daemon stops, an unfinished line is dropped, and whole lines are kept")
  func stopped() {
    var input = input("one\ntwo")
    input.stop()
    input.ended()
    #expect(taken(&input) == ["one"])
    #expect(input.isExhausted)
  }

  @Test("an over-long line that ends in the same read leaves nothing to discard")
  func overlongEndsAtOnce() {
    var input = ConnectionInput()
    var line = overlong
    line.writeString("\nnever decoded\n")
    input.received(line)
    #expect(!input.isDiscarding)
    #expect(taken(&input) == ["TOO LONG"])
    #expect(input.isExhausted)
  }

  @Test("reading stops at the limit of queued lines, and continues once one is taken")
  func manyLines() {
    var input = input(String(repeating: "\n", count: Limits.queuedLines - 1))
    #expect(input.wantsRead(isWritable: true))
    input.received(ByteBuffer(string: "\n"))
    #expect(!input.wantsRead(isWritable: true))
    #expect(input.popFirst() == .line([]))
    #expect(input.wantsRead(isWritable: true))
  }

  @Test("reading stops at the limit of queued bytes")
  func manyBytes() {
    var input = input(String(repeating: "x", count: Limits.queuedLineBytes) + "\n")
    #expect(!input.wantsRead(isWritable: true))
    #expect(input.popFirst() != nil)
    #expect(input.wantsRead(isWritable: true))
  }

  @Test("nothing is read while the channel is not writable")
  func blocked() {
    #expect(!input("").wantsRead(isWritable: false))
  }

  @Test("an over-long line is queued behind the lines before it, and its rest is read and dropped")
  func tooLong() {
    var input = input("one\n")
    input.received(overlong)
    #expect(input.isDiscarding)
    #expect(input.wantsRead(isWritable: false))
    input.received(ByteBuffer(string: "still the same line"))
    #expect(taken(&input) == ["one", "TOO LONG"])
    #expect(!input.isExhausted)
    input.received(ByteBuffer(string: "its end\nnext\n"))
    #expect(!input.isDiscarding)
    #expect(input.isExhausted)
    #expect(taken(&input) == [])
  }

  @Test("the rest of an over-long line is discarded until the deadline, the end of the input or the daemon's stop")
  func discardEnds() {
    for end in [{ $0.discardDeadlinePassed() }, { $0.ended() }, { $0.stop() }] as [(inout ConnectionInput) -> Void] {
      var input = ConnectionInput()
      input.received(overlong)
      end(&input)
      #expect(!input.isDiscarding)
      #expect(taken(&input) == ["TOO LONG"])
      #expect(input.isExhausted)
    }
  }

  @Test("a deadline that passes after the line has ended has no effect")
  func lateDeadline() {
    var input = input("one\n")
    input.discardDeadlinePassed()
    input.received(ByteBuffer(string: "two\n"))
    #expect(taken(&input) == ["one", "two"])
  }

  @Test("a line of 8 MiB that arrives in reads of 16 KiB is one line")
  func longest() {
    var input = ConnectionInput()
    let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: ServerLimits.readBytes)
    for _ in 0..<(Limits.lineBytes / ServerLimits.readBytes) { input.received(piece) }
    input.received(ByteBuffer(string: "\n"))
    guard case .line(let line) = input.popFirst() else {
      Issue.record("no line")
      return
    }
    #expect(line.count == Limits.lineBytes)
  }
}
