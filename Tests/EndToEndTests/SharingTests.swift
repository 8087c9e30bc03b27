// Many requests and many connections at once: batches, watches and fairness. No client waits for another one's backlog.

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

  @Test("a batch is executed in order and answered in one line, before the requests after it")
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

  @Test("a connection's watch sends a change before the reply to it, also when changes are pipelined")
  func ownChange() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    #expect(try client.call("change.watch", [:]) == ["subscription": 1, "head": 0])
    for number in 1...40 { client.send(line(number, "cluster.create", cluster("c\(number)")) + "\n") }
    var (notified, answered) = (0, 0)
    while answered < 40 {
      let line = try reply(client)
      if line["method"] == "change.event" {
        notified += 1
        #expect(line["params"]?["seq"] == .integer(notified))
      } else {
        answered += 1
        #expect(line["id"] == .integer(answered))
        #expect(line["result"]?["seq"]?.intValue ?? .max <= notified)
      }
    }
    #expect(notified == 40)
    #expect(daemon.stop() == 0)
  }

  @Test("a client with 10,000 pending requests does not make another client wait")
  func turns() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let (greedy, modest) = (try daemon.connect(), try daemon.connect())
    _ = try greedy.call("cluster.create", cluster("a"))
    // The replies are not read, so the daemon starts only as many requests as have room for their replies in the socket.
    let flood = String(repeating: line(1, "cluster.get", cluster("a")) + "\n", count: 10_000)
    #expect(greedy.sendUntilRefused(Array(flood.utf8), atMost: flood.utf8.count))
    #expect(try modest.call("cluster.get", cluster("a"))["revision"] == 1)
    #expect(try modest.call("cluster.create", cluster("b"))["seq"] == 2)
    #expect(daemon.stop() == 0)
  }

  @Test("a slow watcher is not disconnected, and gets from the file the events that memory no longer has")
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

  @Test("watches of a batch that is not answered yet count towards the limit of watches")
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

  @Test("each of a thousand watchers is sent a change once, and one watch more than the limit is refused as busy")
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
