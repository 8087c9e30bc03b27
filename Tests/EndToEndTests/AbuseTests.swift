// Clients that misuse the socket: each gets an answer, and none disturbs another.

import ExactJSON
import FairleadModel
import Foundation
import LinuxSupport
import Testing

@Suite("Abuse of the socket", .timeLimit(.minutes(10)), .serialized)
struct AbuseTests {
  @Test("a line of 100 MB is refused and its connection closed; other connections are not affected")
  func hugeLine() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    for _ in 0..<100 { client.send(chunk) }
    client.send("\n")
    let reply = try JSON(parsing: try #require(try client.readLine()))
    #expect(reply["id"] == .null)
    #expect(reply["error"]?["data"] == ["kind": "too-large", "limit": .integer(Limits.lineBytes)])
    #expect(try client.readLine() == nil)
    #expect(try daemon.connect().call("registry.health")["status"] == "ok")
    #expect(try daemon.residentKiB() < 200_000)
    #expect(daemon.stop() == 0)
  }

  @Test("an over-long line is answered after the requests before it, in order")
  func hugeLineAfterRequests() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    client.send(
      #"{"jsonrpc":"2.0","id":1,"method":"cluster.create","params":{"resourceGroup":"rg","name":"a"}}"# + "\n")
    client.send([UInt8](repeating: UInt8(ascii: "x"), count: Limits.lineBytes + 1))
    client.send("\n")
    #expect(try JSON(parsing: try #require(try client.readLine()))["result"]?["seq"] == 1)
    #expect(try JSON(parsing: try #require(try client.readLine()))["error"]?["code"] == -32007)
    #expect(try client.readLine() == nil)
  }

  @Test("a line at the limit is read")
  func longestLine() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let head = #"{"jsonrpc":"2.0","id":1,"method":"registry.health"}"#
    client.send(head + String(repeating: " ", count: Limits.lineBytes - head.utf8.count) + "\n")
    #expect(try JSON(parsing: try #require(try client.readLine()))["result"]?["status"] == "ok")
  }

  @Test("an unfinished line delays no other client, and is answered when its sender closes its side")
  func halfLine() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let waiting = try daemon.connect()
    waiting.send(#"{"jsonrpc":"2.0","id":1,"method":"registry.he"#)
    #expect(try daemon.connect().call("registry.health")["status"] == "ok")
    waiting.finishSending()
    #expect(try JSON(parsing: try #require(try waiting.readLine()))["error"]?["code"] == -32700)
    #expect(try waiting.readLine() == nil)
  }

  @Test("a last line without a line feed is accepted")
  func unterminated() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    client.send(#"{"jsonrpc":"2.0","id":1,"method":"registry.health"}"#)
    client.finishSending()
    #expect(try JSON(parsing: try #require(try client.readLine()))["result"]?["status"] == "ok")
    #expect(try client.readLine() == nil)
  }

  @Test("the daemon stops reading from a peer that never reads its replies, and other clients do not wait")
  func neverReads() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let deaf = try daemon.connect()
    let request = Array((#"{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}"# + "\n").utf8)
    #expect(deaf.sendUntilRefused(request, atMost: 64 << 20))
    let client = try daemon.connect()
    for _ in 0..<100 { #expect(try client.call("registry.health")["status"] == "ok") }
    #expect(try daemon.residentKiB() < 200_000)
    // The daemon stops although it has replies that it cannot deliver to that peer.
    #expect(daemon.stop() == 0)
  }

  @Test("a thousand clients at once are all answered")
  func thousandClients() throws {
    raiseDescriptorLimit()
    let daemon = try RunningDaemon(in: Scratch())
    let clients = try (0..<1000).map { _ in try daemon.connect() }
    let line = #"{"jsonrpc":"2.0","id":1,"method":"registry.health"}"# + "\n"
    for client in clients { client.send(line) }
    for client in clients {
      let reply = try client.readLine()
      #expect(
        reply?.hasPrefix(
          #"{"jsonrpc":"2.0","id":1,"result":{"status":"ok","head":0,"pendingConfirms":0,"reasons":[],"wal":{"#) == true
      )
    }
    #expect(daemon.stop() == 0)
  }

  @Test("replies come in the order of the requests, also when writes and reads are mixed")
  func order() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    var lines = ""
    for number in stride(from: 1, through: 400, by: 2) {
      let create: JSON = [
        "jsonrpc": "2.0", "id": .integer(number), "method": "cluster.create", "params": cluster("c\(number)"),
      ]
      let get: JSON = [
        "jsonrpc": "2.0", "id": .integer(number + 1), "method": "cluster.get", "params": cluster("c\(number)"),
      ]
      lines += "\(create.text)\n\(get.text)\n"
    }
    // 60 KB of requests fit the kernel's buffers, so that sending them all before the first reply is read cannot hang.
    client.send(lines)
    for number in 1...400 {
      let reply = try JSON(parsing: try #require(try client.readLine()))
      #expect(reply["id"] == .integer(number))
      #expect(reply["result"] != nil, "a read sees what its connection wrote before it")
    }
  }

  @Test("random input never stops the daemon")
  func noise() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(seed: seed)
    let daemon = try RunningDaemon(in: Scratch())
    let valid = Array(
      #"{"jsonrpc":"2.0","id":1,"method":"cluster.update","params":{"resourceGroup":"rg","name":"a","config":{"mode":"IPVS"}}}"#
        .utf8)
    for _ in 0..<300 {
      let client = try daemon.connect()
      var line = valid
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        line[Int.random(in: 0..<line.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      client.send(line + [UInt8(ascii: "\n")])
      client.finishSending()
      while let reply = try client.readLine() {
        #expect(throws: Never.self, "seed \(seed)") { try JSON(parsing: reply) }
      }
    }
    #expect(try daemon.connect().call("registry.health")["status"] == "ok", "seed \(seed)")
    #expect(daemon.stop() == 0)
  }
}
