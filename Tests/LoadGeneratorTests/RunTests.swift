// Runs of the generator against servers that answer correctly, wrongly, or not at all.

import LoadGenerator
import Foundation
import Testing

@Suite("Runs", .timeLimit(.minutes(5)))
struct RunTests {
  private static func ping(_ count: Int, expecting expectation: ReplyExpectation) -> Load {
    let request = RequestTemplate(String(repeating: "x", count: count - 1) + "\n")
    return Load(.lines, expectation) { request.append($1, to: &$2) }
  }

  @Test("as many requests are made and answered as were asked for", arguments: [(1, 1), (3, 1), (1, 50), (7, 13)])
  func counts(clients: Int, inFlight: Int) throws {
    let result = try EchoServer.measure(
      requestBytes: 40, replyBytes: 90_000, clients: clients, inFlight: inFlight, for: .requests(500), nil)
    #expect(result.all.count == 500)
    #expect(result.perSecond > 0)
  }

  @Test("a run with a time limit ends with every reply received")
  func duration() throws {
    let result = try EchoServer.measure(
      requestBytes: 40, replyBytes: 100, clients: 4, inFlight: 4, for: .seconds(0.05), nil)
    #expect(result.nanoseconds >= 50_000_000)
    #expect(result.all.count >= 16)
  }

  @Test("requests are numbered through all runs of a load, and each kind is kept apart")
  func numbers() throws {
    let server = try ScriptedServer { line, connection in [(connection, line)] }
    var seen: [Int] = []
    let load = Load(.lines, kinds: [.length(2), .length(3)], from: 8) { _, number, buffer in
      seen.append(number)
      buffer += Array(number % 3 == 0 ? "ab\n".utf8 : "a\n".utf8)
      return number % 3 == 0 ? 1 : 0
    }
    for _ in 0..<2 {
      let result = try LoadRun.run(load, on: .unix(server.path), clients: 2, for: .requests(6))
      #expect(result.kinds.map(\.count) == [4, 2])
    }
    #expect(seen == Array(8..<20))
  }

  @Test("a reply that is an error ends the run, and is reported as it came")
  func refusal() throws {
    let answered = #"{"jsonrpc":"2.0","id":1,"error":{"code":-32008,"message":"cannot do this now"}}"#
    let server = try ScriptedServer { line, connection in
      [(connection, line == "bad" ? answered : #"{"jsonrpc":"2.0","id":1,"result":{}}"#)]
    }
    let load = Load(.lines, .result) { _, number, buffer in
      buffer += Array(number == 5 ? "bad\n".utf8 : "good\n".utf8)
    }
    #expect(throws: LoadError.refused(Array("\(answered)\n".utf8))) {
      try LoadRun.run(load, on: .unix(server.path), clients: 2, for: .requests(20))
    }
  }

  @Test("a server that goes away, and one that is not there, end the run")
  func gone() throws {
    let server = try ScriptedServer { line, connection in [(connection, line)] }
    let path = server.path
    let load = Self.ping(10, expecting: .length(10))
    _ = try LoadRun.run(load, on: .unix(path), clients: 1, for: .requests(3))
    #expect(throws: LoadError.unreachable("\(path)x", errno: ENOENT)) {
      try LoadRun.run(load, on: .unix("\(path)x"), clients: 1, for: .requests(3))
    }
    var pair: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    close(pair[1])
    #expect(throws: LoadError.closed) {
      try LoadRun.run(load, on: .connected([pair[0]]), clients: 1, for: .requests(3))
    }
  }

  // MARK: - Watching

  /// How a server reports a change to its watchers.
  enum Telling: CaseIterable {
    case rightly
    case twice
    case ofAnother
  }

  private static func registry(_ telling: Telling) throws -> ScriptedServer {
    let lock = NSLock()
    nonisolated(unsafe) var seq = 40  // Under the lock.
    return try ScriptedServer { line, connection in
      guard line.contains("cluster.update") else {
        return [(connection, #"{"jsonrpc":"2.0","id":1,"result":{"subscription":1,"head":40}}"#)]
      }
      let number = lock.withLock {
        seq += 1
        return seq
      }
      let told = telling == .ofAnother ? number - 1 : number
      let event = #"{"jsonrpc":"2.0","method":"change.event","params":{"subscription":1,"seq":\#(told),"at":"x"}}"#
      let reply = #"{"jsonrpc":"2.0","id":1,"result":{"seq":\#(number),"report":{}}}"#
      return [(connection, reply), (-1, event)] + (telling == .twice ? [(-1, event)] : [])
    }
  }

  private static func watch(_ server: ScriptedServer) throws -> WatchResult {
    let requests = ClusterRequests(resourceGroup: "rg", prefix: "c")
    return try WatchRun.run(
      watch: requests.watch(0), change: requests.update(0), from: 0, on: .unix(server.path), watchers: 5,
      for: .requests(10))
  }

  @Test("every watcher receives every change once")
  func watching() throws {
    let result = try Self.watch(Self.registry(.rightly))
    #expect(result.change.count == 10)
    #expect(result.last.count == 10)
    #expect(result.afterReply.count == 50)
    #expect(result.afterRequest.count == 50)
  }

  @Test("an event that comes twice or is of another change ends the run", arguments: [Telling.twice, .ofAnother])
  func misled(telling: Telling) throws {
    let server = try Self.registry(telling)
    do {
      _ = try Self.watch(server)
      Issue.record("the run did not notice")
    } catch LoadError.misled {
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("a refused watch ends the run before anything is changed")
  func refusedWatch() throws {
    let refusal =
      #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"cannot","data":{"kind":"unknown-method"}}}"#
    let server = try ScriptedServer { line, connection in
      if line.contains("cluster.update") { Issue.record("a change was made") }
      return [(connection, refusal)]
    }
    #expect(throws: LoadError.refused(Array("\(refusal)\n".utf8))) { try Self.watch(server) }
  }
}
