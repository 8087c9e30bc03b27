// A daemon that answers before its clusters are in memory: clients of the socket see no difference.

import ExactJSON
import FairleadModel
import FairleadServer
import FairleadService
import FairleadStore
import Foundation
import Testing

@Suite("Ready before everything is loaded", .timeLimit(.minutes(10)))
struct LoadingTests {
  private func line(_ id: Int, _ method: String, _ params: JSON) -> String {
    JSON.object(["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": params]).text
  }

  /// A ledger with the clusters c0, c1, ... of one apply.
  private func fill(_ scratch: Scratch, clusters: Int) throws {
    let daemon = try RunningDaemon(in: scratch)
    let creates = (0..<clusters).map { JSON.object(["method": "cluster.create", "params": cluster("c\($0)")]) }
    let done = try daemon.connect().call("cluster.apply", ["changes": .array(creates), "detail": "summary"])
    #expect(done["totals"]?["recorded"] == .integer(clusters))
    #expect(daemon.stop() == 0)
  }

  @Test(
    "clusters that are not loaded are read from the file: replies keep their order, and a connection sees its own changes"
  )
  func manual() throws {
    let scratch = try Scratch()
    try fill(scratch, clusters: 8)
    let daemon = try Daemon(
      DaemonConfiguration(
        socket: scratch.file("s.sock"), database: scratch.file("ledger.db"), warmup: .manual(chunk: 1)), log: { _ in }
    )
    let client = try LineClient(path: scratch.file("s.sock"))
    #expect(try client.call("registry.health")["loadedClusters"] == 1)
    #expect(try client.call("change.watch", ["resourceGroup": "rg", "name": "c5"])["subscription"] == 1)

    let requests = [
      line(1, "cluster.get", cluster("c3")), line(2, "extension.get", ["name": "none"]),
      line(3, "cluster.update", cluster("c4", ["labels": ["a": "b"]])), line(4, "cluster.get", cluster("c4")),
      line(5, "cluster.get", cluster("nobody")), line(6, "cluster.get", cluster("c5")),
    ]
    for isBatch in [false, true] {
      client.send(isBatch ? "[" + requests.joined(separator: ",") + "]\n" : requests.map { $0 + "\n" }.joined())
      var replies: [JSON] = []
      while replies.count < requests.count {
        let reply = try JSON(parsing: try #require(try client.readLine()))
        replies += reply.arrayValue ?? [reply]
      }
      #expect(replies.map { $0["id"]?.intValue } == [1, 2, 3, 4, 5, 6])
      #expect(replies[0]["result"]?["name"] == "c3")
      #expect(replies[3]["result"]?["labels"] == ["a": "b"])
      #expect(replies[4]["error"]?["data"]?["kind"] == "not-found")
      #expect(replies[5]["result"]?["name"] == "c5")
    }
    client.send(line(7, "cluster.delete", cluster("c5")) + "\n")
    let event = try JSON(parsing: try #require(try client.readLine()))
    #expect(event["method"] == "change.event" && event["params"]?["subject"] == "rg/c5")
    #expect(try JSON(parsing: try #require(try client.readLine()))["id"] == 7)

    let names = (0..<8).map { "c\($0)" }
    let before = try names.map { try client.call("cluster.get", cluster($0)).text }
    while try daemon.registry.continueWarmup() {}
    #expect(try client.call("registry.health")["loadedClusters"] == nil)
    #expect(try names.map { try client.call("cluster.get", cluster($0)).text } == before)
    try daemon.stop()
  }

  @Test("a daemon loads its clusters in the background, and meanwhile answers reads and records changes")
  func byItself() throws {
    let scratch = try Scratch()
    let clusters = 2 * WarmupPolicy.defaultChunk + 100
    try fill(scratch, clusters: clusters)
    let daemon = try RunningDaemon(in: scratch)
    let client = try daemon.connect()
    for number in stride(from: clusters - 1, through: 0, by: -1) {
      client.send(line(number, "cluster.get", cluster("c\(number)")) + "\n")
      client.send(line(number, "cluster.update", cluster("c\(number)", ["labels": ["a": "b"]])) + "\n")
      for key in ["name", "cluster"] {
        let reply = try JSON(parsing: try #require(try client.readLine()))
        let answer = key == "name" ? reply["result"] : reply["result"]?["cluster"]
        #expect(answer?["name"] == .string("c\(number)"))
      }
    }
    while try client.call("registry.health")["loadedClusters"] != nil {}
    for number in 0..<clusters {
      #expect(try client.call("cluster.get", cluster("c\(number)"))["labels"] == ["a": "b"])
    }
    #expect(daemon.stop() == 0)
  }

  @Test("a daemon that is stopped during the warm-up stops in order, and loses nothing")
  func stopped() throws {
    let scratch = try Scratch()
    try fill(scratch, clusters: 3 * WarmupPolicy.defaultChunk)
    for number in 1...5 {
      let daemon = try RunningDaemon(in: scratch)
      #expect(try daemon.connect().call("cluster.update", cluster("c\(number)", ["labels": ["a": "b"]]))["seq"] != nil)
      #expect(daemon.stop() == 0)
    }
    let daemon = try RunningDaemon(in: scratch)
    for number in 1...5 {
      #expect(try daemon.connect().call("cluster.get", cluster("c\(number)"))["labels"] == ["a": "b"])
    }
    #expect(daemon.stop() == 0)
  }
}
