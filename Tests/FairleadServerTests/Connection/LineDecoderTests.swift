// Decoding bytes into lines without a socket: whole lines, byte by byte, and many at once.

@testable import FairleadServer
import NIOCore
import NIOTestUtils
import Testing

@Suite("Line decoding")
struct LineDecoderTests {
  private func text(_ lines: [[UInt8]]) -> [String] { lines.map { String(decoding: $0, as: UTF8.self) } }

  /// The lines of `chunks`, each of which is one read, and of the end of the input.
  private func lines(_ chunks: [[UInt8]], limit: Int) throws -> [String] {
    let processor = NIOSingleStepByteToMessageProcessor(LineDecoder(limit: limit))
    var lines: [[UInt8]] = []
    for chunk in chunks { try processor.process(buffer: ByteBuffer(bytes: chunk)) { lines.append($0) } }
    try processor.finishProcessing(seenEOF: true) { lines.append($0) }
    return text(lines)
  }

  @Test("NIO's verifier finds the same lines in whole reads, in single bytes, and in many lines at once")
  func verified() throws {
    let longest = String(repeating: "x", count: 100)
    try ByteToMessageDecoderVerifier.verifyDecoder(
      stringInputOutputPairs: [
        ("one\n", [Array("one".utf8)]), ("two\r\n", [Array("two".utf8)]), ("\n", [[]]), ("\r\n", [[]]),
        ("three\nfour\n", [Array("three".utf8), Array("four".utf8)]), ("\rfive\n", [Array("\rfive".utf8)]),
        (longest + "\n", [Array(longest.utf8)]),
      ],
      decoderFactory: { LineDecoder(limit: 100) })
  }

  @Test(
    "lines do not depend on the sizes of the reads, and the last one needs no line feed", arguments: [1, 2, 3, 5, 100])
  func chunks(size: Int) throws {
    let bytes = Array("one\ntwo\r\n\nfour\n\rfive".utf8)
    let chunks = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    #expect(try lines(chunks, limit: 10) == ["one", "two", "", "four", "\rfive"])
  }

  @Test("input that ends after a line feed, and empty input, have no last line", arguments: ["one\n", ""])
  func complete(input: String) throws {
    #expect(try lines([Array(input.utf8)], limit: 10) == text(input.isEmpty ? [] : [Array("one".utf8)]))
  }

  @Test("a line at the limit passes, and the lines before one past it are decoded first")
  func limit() throws {
    var decoder = LineDecoder(limit: 4)
    var buffer = ByteBuffer(string: "1234\nok\n12345\nok\n")
    #expect(try decoder.decode(buffer: &buffer) == Array("1234".utf8))
    #expect(try decoder.decode(buffer: &buffer) == Array("ok".utf8))
    #expect(throws: LineDecoder.LineTooLong.self) { try decoder.decode(buffer: &buffer) }
  }

  @Test("a line that exceeds the limit is refused before it ends")
  func unended() throws {
    var decoder = LineDecoder(limit: 4)
    var buffer = ByteBuffer(string: "12")
    #expect(try decoder.decode(buffer: &buffer) == nil)
    buffer = ByteBuffer(string: "345")
    #expect(throws: LineDecoder.LineTooLong.self) { try decoder.decode(buffer: &buffer) }
  }

  @Test("every byte is removed from the buffer when it arrives, so that none is searched twice")
  func consumed() throws {
    var decoder = LineDecoder(limit: 1 << 20)
    for _ in 0..<64 {
      var buffer = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 10)
      #expect(try decoder.decode(buffer: &buffer) == nil)
      #expect(buffer.readableBytes == 0)
    }
    var end = ByteBuffer(string: "\n")
    #expect(try decoder.decode(buffer: &end)?.count == 64 << 10)
  }
}
