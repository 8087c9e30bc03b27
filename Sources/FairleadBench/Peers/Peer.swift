// What the compared servers do: keep the current state of each of 64 names and a history of earlier states.

internal import LoadGenerator

/// The bytes that every peer stores and answers: those of Fairlead itself.
struct Payload {
  /// The record of one update, which goes into the history.
  let record: String
  /// The answer to `cluster.get`, which is stored as the current state.
  let state: String
  /// The length in bytes of a request of `cluster.get` with its line feed.
  let requestBytes: Int

  static let nameCount = 64
}

/// A server under the same load as the others.
protocol Peer {
  var name: String { get }
  /// What must be installed: programs, and Debian's package that brings them.
  var needs: (programs: [String], package: String)? { get }
  /// Starts it with everything in `folder`, which is empty, and stores a state for each name.
  mutating func start(in folder: String, _ servers: Servers) throws -> Target
  /// A durable change of a client's own name with its row of history.
  var update: Load? { get }
  /// A read of the state of a client's own name.
  var read: Load? { get }
  /// A command that reads the state of one name.
  var command: (program: String, arguments: [String])? { get }
}

extension Peer {
  var needs: (programs: [String], package: String)? { nil }
  var command: (program: String, arguments: [String])? { nil }

  /// Sends `count` requests of `load` and fails where one fails.
  func fill(_ load: Load, on target: Target, _ servers: Servers, clients: Int = Payload.nameCount) throws {
    _ = try LoadRun.run(load, on: target, clients: clients, for: .requests(Payload.nameCount), servers.interruption)
  }
}

/// One measurement of a peer.
enum Work: String, CaseIterable {
  case update1 = "update, 1 client"
  case update8 = "update, 8 clients"
  case update64 = "update, 64 clients"
  case read1 = "read, 1 client"
  case read64 = "read, 64 clients"

  var clients: Int {
    switch self {
    case .update1, .read1: 1
    case .update8: 8
    case .update64, .read64: 64
    }
  }

  var isUpdate: Bool {
    switch self {
    case .update1, .update8, .update64: true
    case .read1, .read64: false
    }
  }
}

/// Texts that requests are made of.
enum Text {
  /// Base64 with padding, as etcd's gateway takes keys and values.
  static func base64(_ text: String) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
      let bits = group[0] << 16 | group[1] << 8 | group[2]
      for place in 0..<4 {
        let isPadding = start + place > bytes.count
        result.append(isPadding ? UInt8(ascii: "=") : letters[bits >> (18 - 6 * place) & 63])
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
