// Framing, without a socket: whole, byte by byte, and many at once.

@testable import FairleadServer
import Testing

@Suite("Line framing")
struct LineFramerTests {
  private func lines(_ events: [LineFramer.Event]) -> [String] {
    events.map { event in
      switch event {
      case .line(let bytes): String(decoding: bytes, as: UTF8.self)
      case .tooLong: "TOO LONG"
      }
    }
  }

  @Test("lines come out the same however the bytes come in", arguments: [1, 2, 3, 5, 100])
  func chunks(size: Int) {
    var framer = LineFramer(limit: 10)
    let bytes = Array("one\ntwo\r\n\nfour\n\rfive".utf8)
    var events: [LineFramer.Event] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += framer.feed(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(lines(events) == ["one", "two", "", "four"])
    #expect(framer.finish().map { String(decoding: $0, as: UTF8.self) } == "\rfive")
    #expect(framer.finish() == nil)
  }

  @Test("a line at the limit passes, one past it does not, and nothing after it is trusted")
  func limit() {
    var framer = LineFramer(limit: 4)
    #expect(lines(framer.feed(Array("1234\n".utf8))) == ["1234"])
    #expect(lines(framer.feed(Array("ok\n12345\nok\n".utf8))) == ["ok", "TOO LONG"])
    #expect(framer.isBroken)
    #expect(framer.feed(Array("ok\n".utf8)).isEmpty)
    #expect(framer.finish() == nil)
  }

  @Test("a line that grows past the limit is given up before it ends")
  func unended() {
    var framer = LineFramer(limit: 4)
    #expect(framer.feed(Array("12".utf8)).isEmpty)
    #expect(lines(framer.feed(Array("345".utf8))) == ["TOO LONG"])
  }
}
