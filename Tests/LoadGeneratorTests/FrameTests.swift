// Where a reply ends and whether it counts, in each framing that the generator speaks.

internal import Testing

@testable internal import LoadGenerator

@Suite("Frames")
struct FrameTests {
  struct Stream: Sendable, CustomTestStringConvertible {
    let name: String
    let framing: Framing
    let frames: [String]
    var testDescription: String { name }
  }

  static let streams = [
    Stream(name: "lines", framing: .lines, frames: ["{\"a\":1}\n", "\n", "{}\n"]),
    Stream(
      name: "objects without line ends", framing: .braces,
      frames: [#"{"id":1,"result":[{"rows":[{"d":"} \" { \\"}]}],"error":null}"#, "{}", #"{"a":{"b":{}}}"#]),
    Stream(
      name: "values of Redis", framing: .resp(replies: 1),
      frames: [
        "+OK\r\n", "$5\r\na\r\nbc\r\n", "$-1\r\n", ":7\r\n", "*2\r\n+OK\r\n*1\r\n$0\r\n\r\n", "*0\r\n", "-ERR no\r\n",
      ]),
    Stream(
      name: "a transaction of Redis", framing: .resp(replies: 4),
      frames: Array(repeating: "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n:12\r\n", count: 3)),
    Stream(
      name: "HTTP", framing: .http,
      frames: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length:0\r\nX: y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n",
      ]),
  ]

  /// The frames that a scanner finds when the bytes arrive in pieces of a length.
  private func frames(_ stream: Stream, piece: Int) throws -> [String] {
    let bytes = Array(stream.frames.joined().utf8)
    var scanner = FrameScanner(stream.framing)
    var found: [String] = []
    var start = 0
    for end in stride(from: piece, to: bytes.count + piece, by: piece).map({ min($0, bytes.count) }) {
      while start < end {
        let length = try bytes[start..<end].withUnsafeBytes { try scanner.next(in: $0) }
        guard let length else { break }
        found.append(String(decoding: bytes[start..<(start + length)], as: UTF8.self))
        start += length
      }
    }
    return found
  }

  @Test("a stream is split into the same replies however its bytes arrive", arguments: streams)
  func pieces(stream: Stream) throws {
    for piece in 1...stream.frames.joined().utf8.count {
      #expect(try frames(stream, piece: piece) == stream.frames, "in pieces of \(piece)")
    }
  }

  @Test(
    "bytes that are no reply are an error, not a wait",
    arguments: [
      (Framing.resp(replies: 1), "hello\r\n"), (.resp(replies: 1), "$x\r\n"), (.http, "HTTP/1.1 200 OK\r\n\r\n"),
      (.http, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
    ])
  func malformed(framing: Framing, text: String) {
    var scanner = FrameScanner(framing)
    #expect(throws: LoadError.self) { try Array(text.utf8).withUnsafeBytes { try scanner.next(in: $0) } }
  }

  static let verdicts: [(ReplyExpectation, String, Bool)] = [
    (.result, #"{"jsonrpc":"2.0","id":1,"result":{"resourceGroup":"rg"}}"#, true),
    (.result, #"{"jsonrpc":"2.0","id":12,"result":{"text":"an \"error\": it says"}}"#, true),
    (.result, #"{"jsonrpc":"2.0","id":1,"error":{"code":-32008,"message":"cannot: \"result\":"}}"#, false),
    (.result, #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700}}"#, false), (.result, "", false),
    (.recorded, #"{"jsonrpc":"2.0","id":1,"result":{"seq":7,"report":{}}}"#, true),
    (.recorded, #"{"jsonrpc":"2.0","id":1,"result":{"seq":null,"report":{}}}"#, false),
    (.recorded, #"{"jsonrpc":"2.0","id":1,"result":{"#, false),
    (.length(3), "abc", true), (.length(3), "abcd", false),
    (.ovsdbChange, #"{"id":1,"result":[{"count":1},{"uuid":["uuid","x"]},{}],"error":null}"#, true),
    (.ovsdbChange, #"{"id":1,"result":[{"count":0},{"uuid":["uuid","x"]},{}],"error":null}"#, false),
    (.ovsdbChange, #"{"id":1,"result":[{"count":1},{"error":"constraint violation"},null],"error":null}"#, false),
    (.ovsdbRow, #"{"id":1,"result":[{"rows":[{"document":"{\"error\":\"no\"}"}]}],"error":null}"#, true),
    (.ovsdbRow, #"{"id":1,"result":[{"rows":[]}],"error":null}"#, false),
    (.redis(bytes: 8), "$5\r\n-abcd\r\n", true), (.redis(bytes: 8), "$-1\r\n", false),
    (.redis(bytes: 5), "+OK\r\n-EXECABORT no\r\n", false),
    (.redis(bytes: 5), "*2\r\n+OK\r\n-WRONGTYPE no\r\n", false),
    (.etcdChange, "HTTP/1.1 200 OK\r\n\r\n{\"succeeded\":true}", true),
    (.etcdChange, "HTTP/1.1 503 No\r\n\r\n{\"succeeded\":true}", false),
    (.etcdKey, "HTTP/1.1 200 OK\r\n\r\n{\"kvs\":[{\"key\":\"YQ==\"}]}", true),
    (.etcdKey, "HTTP/1.1 200 OK\r\n\r\n{\"header\":{}}", false),
  ]

  @Test("a refusal, or an answer that did nothing, does not count", arguments: verdicts)
  func verdict(expectation: ReplyExpectation, reply: String, isAccepted: Bool) {
    let verdict = Array(reply.utf8).withUnsafeBytes { expectation.verdict(on: $0) }
    #expect(verdict == (isAccepted ? .accepted : .refused))
  }

  @Test("a question of ovsdb-server is answered and not counted")
  func question() {
    let verdict = Array(#"{"id":"echo","method":"echo","params":[]}"#.utf8).withUnsafeBytes {
      ReplyExpectation.ovsdbRow.verdict(on: $0)
    }
    #expect(verdict == .question(answer: Array(#"{"id":"echo","result":[],"error":null}"#.utf8)))
  }

  @Test("a template takes six digits that are a JSON number, and no two consecutive requests are the same")
  func template() {
    var buffer: [UInt8] = []
    for number in [0, 1, 99_999, 100_000] { RequestTemplate("n=######;").append(number, to: &buffer) }
    RequestTemplate("#####").append(7, to: &buffer)
    #expect(String(decoding: buffer, as: UTF8.self) == "n=100000;n=100001;n=199999;n=100000;#####")
  }

  @Test("percentiles are exact to three digits, and 0 where nothing was recorded")
  func percentiles() {
    #expect(Latencies().percentile(99) == 0)
    #expect(Latencies().longest == 0)
    var latencies = Latencies()
    for number in 1...1000 { latencies.record(number * 1000) }
    for (percent, expected) in [(50.0, 500_000), (99.0, 990_000), (100.0, 1_000_000)] {
      #expect(abs(latencies.percentile(percent) - expected) <= expected / 1000)
    }
    var other = Latencies()
    other.record(.max)
    latencies.add(other)
    #expect(latencies.count == 1001)
    #expect(latencies.longest >= 120_000_000_000)
  }
}
