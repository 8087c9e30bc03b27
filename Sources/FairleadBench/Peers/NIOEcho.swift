// A SwiftNIO server that only answers: the ceiling for a daemon on SwiftNIO.

internal import LoadGenerator

struct NIOEcho: Peer {
  let payload: Payload
  let programs: String

  let name = "NIO echo"

  mutating func start(in folder: String, _ servers: Servers) throws -> Target {
    let target = Target.unix("\(folder)/echo.sock")
    _ = try servers.start(
      "\(programs)/NIOEchoServer", ["\(folder)/echo.sock", "\(replyBytes)"], answersOn: target)
    return target
  }

  var update: Load? { nil }

  var read: Load? {
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: payload.requestBytes - 1) + [UInt8(ascii: "\n")]
    return Load(.lines, .length(replyBytes)) { _, _, buffer in buffer.append(contentsOf: line) }
  }

  /// The reply of `cluster.get` with its line feed.
  private var replyBytes: Int { payload.state.utf8.count + 1 }
}
