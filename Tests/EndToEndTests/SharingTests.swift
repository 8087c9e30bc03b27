// What connections share: batches, watches, and turns. No client waits for another that asks for much.

import ExactJSON
import FairleadModel
import DaemonTestSupport
@testable import FairleadServer
import Foundation
import Testing

@Suite("Sharing a daemon", .timeLimit(.minutes(10)))
struct SharingTests {
  private func line(_ id: Int?, _ method: String, _ params: JSON) -> String {
    var request: JSONObject = ["jsonrpc": "2.0", "method": .string(method), "params": params]
    if let id { request["id"] = .integer(id) }
    return JSON.object(request).text
  }

  private func reply(_ client: LineClient) throws -> JSON { try JSON(parsing: try #require(try client.readLine())) }

  @Test("a batch is done in order and answered by one line; what follows it comes behind it")
  func batch() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let batch = [
      line(1, "cluster.create", cluster("a")), line(nil, "cluster.create", cluster("b")), "7",
      line(2, "cluster.get", cluster("b")), line(3, "cluster.get", cluster("c")),
    ]
    client.send("[" + batch.joined(separator: ",") + "]\n" + line(4, "registry.health", [:]) + "\n")
    let replies = try #require(try reply(client).arrayValue)
    #expect(replies.map { $0["id"] ?? "none" } == [1, .null, 2, 3])
    #expect(replies[0]["result"]?["seq"] == 1)
    #expect(replies[2]["result"]?["revision"] == 1)
    #expect(replies[3]["error"]?["data"]?["kind"] == "not-found")
    #expect(try reply(client)["result"]?["head"] == 2)
    client.send("[" + line(nil, "cluster.create", cluster("d")) + "]\n" + line(5, "registry.health", [:]) + "\n")
    #expect(try reply(client)["result"]?["head"] == 3)
    #expect(daemon.stop() == 0)
  }

  @Test("an own change is on the watch before its reply, with pipelined changes too")
  func ownChange() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    #expect(try client.call("change.watch", [:]) == ["subscription": 1, "head": 0])
    for number in 1...40 { client.send(line(number, "cluster.create", cluster("c\(number)")) + "\n") }
    var (told, answered) = (0, 0)
    while answered < 40 {
      let line = try reply(client)
      if line["method"] == "change.event" {
        told += 1
        #expect(line["params"]?["seq"] == .integer(told))
      } else {
        answered += 1
        #expect(line["id"] == .integer(answered))
        #expect(line["result"]?["seq"]?.intValue ?? .max <= told)
      }
    }
    #expect(told == 40)
    #expect(daemon.stop() == 0)
  }

  @Test("a client with 10,000 requests under way does not make another wait for them")
  func turns() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let (greedy, modest) = (try daemon.connect(), try daemon.connect())
    _ = try greedy.call("cluster.create", cluster("a"))
    // Nobody reads the replies, so the daemon takes up as many as their socket holds, and no more.
    let flood = String(repeating: line(1, "cluster.get", cluster("a")) + "\n", count: 10_000)
    #expect(greedy.sendUntilRefused(Array(flood.utf8), atMost: flood.utf8.count))
    #expect(try modest.call("cluster.get", cluster("a"))["revision"] == 1)
    #expect(try modest.call("cluster.create", cluster("b"))["seq"] == 2)
    #expect(daemon.stop() == 0)
  }

  @Test("a watch that stands still is not cut off, and goes on from the file where memory no longer reaches")
  func slowWatcher() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let (slow, writer) = (try daemon.connect(), try daemon.connect())
    #expect(try slow.call("change.watch", ["after": 0])["head"] == 0)
    let last = ServerLimits.keptEvents + 600
    var seq = 0
    while seq < last {
      for number in 0..<100 { writer.send(line(number, "cluster.create", cluster("c\(seq + number)")) + "\n") }
      for _ in 0..<100 { _ = try reply(writer) }
      seq += 100
    }
    for expected in 1...last { #expect(try reply(slow)["params"]?["seq"] == .integer(expected)) }
    #expect(daemon.stop() == 0)
  }

  @Test("the watches of one batch count before it is answered")
  func watchesInBatch() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let batch = (1...Limits.batchRequests).map { line($0, "change.watch", [:]) }
    client.send("[" + batch.joined(separator: ",") + "]\n")
    let replies = try #require(try reply(client).arrayValue)
    #expect(replies.filter { $0["result"] != nil }.count == Limits.watchesPerConnection)
    #expect(
      replies.filter { $0["error"]?["data"]?["kind"] == "busy" }.count
        == Limits.batchRequests - Limits.watchesPerConnection)
    #expect(daemon.stop() == 0)
  }

  @Test("a thousand watchers are told of a change, each once, and one watch too many is refused as busy")
  func many() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let watchers = try (0..<1000).map { _ in try daemon.connect() }
    for watcher in watchers { #expect(try watcher.call("change.watch", [:])["subscription"] == 1) }
    let writer = try daemon.connect()
    for name in ["a", "b"] { _ = try writer.call("cluster.create", cluster(name)) }
    for watcher in watchers {
      for seq in 1...2 { #expect(try reply(watcher)["params"]?["seq"] == .integer(seq)) }
    }
    for _ in 0..<Limits.watchesPerConnection { _ = try writer.call("change.watch", [:]) }
    writer.send(line(9, "change.watch", [:]) + "\n")
    #expect(try reply(writer)["error"]?["data"]?["kind"] == "busy")
    #expect(daemon.stop() == 0)
  }
}
