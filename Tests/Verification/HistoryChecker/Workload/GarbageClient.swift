// A client that sends garbage, to show that it cannot disturb the others.

internal import ExactJSON
internal import DaemonTestSupport

/// Sends garbage once for each step of the others, until they are done. Nothing that it sends is a change, so the log holds only
/// what the others did.
struct GarbageClient {
  private let number: Int
  private let seed: UInt64
  private let steps: Int
  private let host: DaemonHost
  private var trace: Trace
  /// Connections that stay open for a while and are never used again.
  private var idle: [LineClient] = []

  private static let idleAtMost = 8

  init(number: Int, seed: UInt64, steps: Int, host: DaemonHost) {
    self.number = number
    self.seed = seed
    self.steps = steps
    self.host = host
    trace = Trace(client: number)
  }

  mutating func run() -> Trace {
    for step in 0..<steps {
      guard !host.isQuiet, trace.violations.isEmpty, let life = host.waitUntilUp() else { break }
      var decisions = Decisions(seed: seed, client: number, step: step)
      do {
        try disturb(&decisions, try LineClient(path: host.socket))
      } catch {
        if !host.wasKilled(life) { trace.report(.noAnswer, [], "\(error)") }
      }
    }
    return trace
  }

  private mutating func disturb(_ decisions: inout Decisions, _ client: LineClient) throws {
    let get = #"{"jsonrpc":"2.0","id":1,"method":"cluster.get","params":{"resourceGroup":"rg","name":"a"}}"#
    switch decisions.number(12) {
    case 0:
      // Random bytes, some of which end lines.
      client.send((0..<decisions.number(4096)).map { _ in UInt8(decisions.number(256)) } + [UInt8(ascii: "\n")])
      try readAll(client)
    case 1:
      var line = Array(get.utf8)
      for _ in 0...decisions.number(8) { line[decisions.number(line.count)] = UInt8(decisions.number(256)) }
      client.send(line + [UInt8(ascii: "\n")])
      try readAll(client)
    case 2:
      // Half a line, and the connection is closed.
      client.send(String(get.prefix(decisions.number(get.count))))
    case 3:
      // Half a line, and then it waits for an answer.
      client.send(String(get.prefix(1 + decisions.number(get.count - 1))))
      try readAll(client)
    case 4:
      // Half a line, and then the connection stays open.
      client.send(String(get.prefix(1 + decisions.number(get.count - 1))))
      idle.append(client)
      if idle.count > Self.idleAtMost { idle.removeFirst() }
    case 5:
      // Closed with unread replies, which resets the connection while more are being written.
      for _ in 0...decisions.number(40) { client.send(#"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"# + "\n") }
      _ = try client.readLine()
    case 6:
      client.send(String(repeating: get + "\n", count: 1 + decisions.number(200)))
      client.finishSending()
    case 7: break
    case 8:
      client.send(
        #"[1,"x",{},[],null,{"jsonrpc":"2.0"},{"jsonrpc":"2.0","id":7,"method":"no.such"}]"# + "\n[]\n[[[]]]\n")
      try readAll(client)
    case 9:
      client.send(String(repeating: "[", count: 1 + decisions.number(100_000)) + "\n")
      try readAll(client)
    case 10:
      // Notifications, which get no reply.
      client.send(String(repeating: #"{"jsonrpc":"2.0","method":"cluster.list"}"# + "\n", count: 50))
      try readAll(client)
    default:
      // One in a hundred lines is longer than the limit.
      guard decisions.isTrue(oneIn: 8) else { return }
      let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
      for _ in 0..<9 where client.send(chunk) < chunk.count { break }
      client.send("\n")
      try readAll(client)
    }
  }

  /// Checks that whatever comes back is lines of JSON.
  private mutating func readAll(_ client: LineClient) throws {
    client.finishSending()
    while let line = try client.readBytes() {
      do {
        _ = try JSON(parsing: line)
      } catch {
        trace.report(.oddReply, [], "an answer that is not JSON: \(String(decoding: line.prefix(2000), as: UTF8.self))")
      }
    }
  }
}
