// A daemon whose workers are all taken by greedy clients, and one whose clients hold too much memory.

import DaemonTestSupport
// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency import Dispatch
import ExactJSON
import FairleadModel
@testable import FairleadServer
import NIOCore
import Testing

@Suite("Greedy clients", .timeLimit(.minutes(5)))
struct FairReadsTests {
  private let scratch: Scratch
  private let socket: String

  init() throws {
    scratch = try Scratch()
    socket = scratch.file("s")
  }

  private func daemon(_ adjust: (inout DaemonConfiguration) -> Void) throws -> Daemon {
    var configuration = DaemonConfiguration(socket: socket, database: scratch.file("r.db"))
    adjust(&configuration)
    return try Daemon(configuration, log: { _ in })
  }

  private static let web: JSON = ["resourceGroup": "rg", "name": "web"]

  private func line(_ method: String, _ params: JSON = [:]) -> String {
    let request: JSON = ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": params]
    return request.text + "\n"
  }

  @Test("while every thread for long work is held up, what memory knows and short reads are answered")
  func held() throws {
    let (isHeld, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let daemon = try daemon { configuration in
      configuration.beforeStep = { lane in
        guard lane != .short else { return }
        isHeld.signal()
        gate.wait()
      }
    }
    let modest = try LineClient(path: socket)
    _ = try modest.call("cluster.create", Self.web)
    let apply: JSON = ["dryRun": true, "changes": [["method": "cluster.delete", "params": Self.web]]]
    let long = [
      line("change.list", ["kind": "extension"]), line("cluster.list", ["labels": ["a": "b"]]),
      line("change.watch", ["after": 0]), line("feature.list"),
      line("cluster.apply", apply),
      line("cluster.get", Self.web).dropLast()
        + String(repeating: " ", count: ServerLimits.loopDecodedBytes) + "\n",
    ]
    let greedy = try (0..<4).map { _ in try long.map { _ in try LineClient(path: socket) } }
    for clients in greedy { for (client, line) in zip(clients, long) { client.send(line) } }
    let sizes = WorkerSizes(cores: System.coreCount)
    let busy: [Work.Lane] = [.long, .decoding, .bulk]
    for _ in 0..<busy.map(sizes.threads(of:)).reduce(0, +) { isHeld.wait() }

    #expect(try modest.call("registry.health")["status"] == "ok")
    #expect(try modest.call("cluster.get", Self.web)["revision"] == 1)
    #expect(try modest.call("cluster.history", Self.web)["items"]?.arrayValue?.count == 1)
    #expect(try modest.call("change.get", ["seq": 1])["seq"] == 1)
    #expect(try modest.call("rpc.discover")["openrpc"] == "1.3.2")
    #expect(try modest.call("cluster.delete", ["resourceGroup": "rg", "name": "web", "dryRun": true])["seq"] == .null)

    for _ in 0..<1000 { gate.signal() }
    for client in greedy.joined() { #expect(try #require(try client.readLine()).contains("result")) }
    try daemon.stop()
  }

  @Test("whoever holds most of the memory is put off with an error that says so, and the others go on")
  func halfLine() throws {
    let daemon = try daemon { $0.memoryBytes = 1 << 20 }
    let modest = try LineClient(path: socket)
    modest.send(#"{"jsonrpc":"2.0","id":7,"method":"registry.health","params":{"#)
    let greedy = try LineClient(path: socket)
    greedy.send(Array(repeating: UInt8(ascii: "x"), count: 3 << 20))
    let reply = try JSON(parsing: try #require(try greedy.readLine()))
    #expect(reply["id"] == .null)
    #expect(reply["error"]?["data"]?["kind"] == "busy")
    #expect(reply["error"]?["message"]?.stringValue?.hasPrefix("cannot keep what this connection has sent") == true)
    greedy.send("\n")
    #expect(try greedy.readLine() == nil)
    modest.send("}}\n")
    #expect(try #require(try modest.readLine()).hasPrefix(#"{"jsonrpc":"2.0","id":7,"result":{"status":"ok""#))
    try daemon.stop()
  }

  @Test("a peer that does not take its replies is closed where all together hold too much")
  func deaf() throws {
    let daemon = try daemon { $0.memoryBytes = 64 << 10 }
    let modest = try LineClient(path: socket)
    let deaf = try LineClient(path: socket)
    // The daemon stops reading from it, so that this ends only once the connection does.
    let requests = Array(String(repeating: line("rpc.discover"), count: 100_000).utf8)
    #expect(deaf.send(requests) < requests.count)
    #expect(try modest.call("registry.health")["status"] == "ok")
    try daemon.stop()
  }
}
