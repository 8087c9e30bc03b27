// What a reply must look like to count: an error, or the reply to a change without effect, is no success.

internal import Glibc

/// The reply that a request expects.
package enum ReplyExpectation: Sendable, Hashable {
  /// A JSON-RPC result on a line.
  case result
  /// A JSON-RPC result that names the change it recorded.
  case recorded
  /// A number of bytes, whatever they are.
  case length(Int)
  /// OVSDB: no error, and a row that was changed.
  case ovsdbChange
  /// OVSDB: no error, and a row that was found.
  case ovsdbRow
  /// Redis: no error, and at least a number of bytes.
  case redis(bytes: Int)
  /// etcd's gateway: 200, and a transaction that was executed.
  case etcdChange
  /// etcd's gateway: 200, and a key that was found.
  case etcdKey
}

/// What a frame is.
enum Verdict: Sendable, Hashable {
  case accepted
  case refused
  /// Not a reply but a request of the peer, which must be answered with these bytes.
  case question(answer: [UInt8])
}

extension ReplyExpectation {
  func verdict(on reply: UnsafeRawBufferPointer) -> Verdict {
    switch self {
    case .length(let count): return reply.count == count ? .accepted : .refused
    case .result: return Self.result(in: reply) != nil ? .accepted : .refused
    case .recorded:
      guard let start = Self.result(in: reply), start < reply.count else { return .refused }
      let result = UnsafeRawBufferPointer(rebasing: reply[start...])
      return result.starts(withBytes: #"{"seq":"#) && result.count > 7 && Self.isDigit(result[7]) ? .accepted : .refused
    case .ovsdbChange, .ovsdbRow: return ovsdb(reply)
    case .redis(let bytes): return reply.count >= bytes && !Self.hasRedisError(reply) ? .accepted : .refused
    case .etcdChange: return Self.etcd(reply, shows: #""succeeded":true"#)
    case .etcdKey: return Self.etcd(reply, shows: #""kvs":[{"#)
    }
  }

  /// Where the result of a JSON-RPC reply begins. The daemon writes the members in this order, and an error in its place.
  private static func result(in reply: UnsafeRawBufferPointer) -> Int? {
    guard reply.starts(withBytes: #"{"jsonrpc":"2.0","id":"#) else { return nil }
    var offset = 22
    while offset < reply.count, isDigit(reply[offset]) { offset += 1 }
    guard offset > 22, offset < reply.count else { return nil }
    return UnsafeRawBufferPointer(rebasing: reply[offset...]).starts(withBytes: #","result":"#) ? offset + 10 : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// An operation that failed has its own error within a reply whose error is null. Within a string quotation marks are escaped,
  /// so that stored text cannot look like a member.
  private func ovsdb(_ reply: UnsafeRawBufferPointer) -> Verdict {
    if reply.firstRange(ofBytes: #""method":"echo""#) != nil {
      return .question(answer: Array(#"{"id":"echo","result":[],"error":null}"#.utf8))
    }
    guard reply.firstRange(ofBytes: #""error":null"#) != nil, reply.firstRange(ofBytes: #""error":""#) == nil else {
      return .refused
    }
    let shown: StaticString = self == .ovsdbRow ? #""rows":[{"# : #""count":1"#
    return reply.firstRange(ofBytes: shown) != nil ? .accepted : .refused
  }

  /// Whether any of the values is an error, also one within an array.
  private static func hasRedisError(_ reply: UnsafeRawBufferPointer) -> Bool {
    var offset = 0
    while let end = reply.lineFeed(from: offset) {
      if reply[offset] == UInt8(ascii: "-") { return true }
      // The bytes of a value are skipped: they may begin like an error.
      if reply[offset] == UInt8(ascii: "$"),
        let length = try? reply.number(from: offset + 1, to: end, radix: 10, allowsSign: true),
        length >= 0
      {
        offset = end + length + 2
      } else {
        offset = end
      }
    }
    return false
  }

  private static func etcd(_ reply: UnsafeRawBufferPointer, shows text: StaticString) -> Verdict {
    reply.starts(withBytes: "HTTP/1.1 200 ") && reply.firstRange(ofBytes: text) != nil ? .accepted : .refused
  }
}
