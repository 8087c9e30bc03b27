// Watches of the command and of both clients, as processes: each change is shown once and in order.

import ExactJSON
import Foundation
import Testing

/// A running program whose output a test reads line by line, waiting for each line.
private final class Watcher {
  private let process: Child
  private let pipe: Fifo

  init(_ program: String, _ arguments: [String], in scratch: Scratch, environment: [String: String] = [:]) throws {
    pipe = try Fifo(UUID().uuidString, in: scratch)
    process = try Child(
      program, arguments, environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
      output: .file(pipe.path))
  }

  func line() throws -> String { try pipe.readLine() }

  /// The numbers of the next changes, each a line of JSON.
  func seqs(_ count: Int) throws -> [Int?] {
    try (0..<count).map { _ in try JSON(parsing: line())["seq"]?.intValue }
  }

  func send(signal: Int32) { process.send(signal: signal) }

  /// Its exit status, or the signal that ended it as a negative number.
  func wait() -> Int32 { process.wait() }
}

@Suite("Watching with the built programs", .timeLimit(.minutes(5)))
struct WatchTests {
  private static func fairlead(_ arguments: [String], _ daemon: RunningDaemon) throws -> Watcher {
    try Watcher(Programs.path("fairlead"), arguments + ["--socket", daemon.socket], in: daemon.scratch)
  }

  @Test("watch shows the cluster, then each change with its difference, and ends on the signal")
  func head() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    try client.openGates()
    _ = try client.call("cluster.create", cluster("web"))
    let watcher = try Self.fairlead(["watch", "-g", "rg", "-n", "web"], daemon)
    var head = [try watcher.line()]
    while head.last != "" || head.count < 5 { head.append(try watcher.line()) }
    #expect(head[0] == "rg/web  revision 1")
    _ = try client.call("cluster.create", cluster("other"))
    _ = try client.call("cluster.create", cluster("web", JSONObject([.init(key: "subscription", value: "elsewhere")])))
    let update = cluster(
      "web",
      JSONObject([.init(key: "config", value: mode("NFTABLES")), .init(key: "confirmWithinSeconds", value: 600)]))
    let seq = try #require(try client.call("cluster.update", update)["seq"]?.intValue)
    // The blank line that ends the cluster's description may still come.
    var line = try watcher.line()
    while !line.hasPrefix("change ") { line = try watcher.line() }
    #expect(line.hasPrefix("change \(seq)  "))
    #expect(try watcher.line().hasPrefix("  update rg/web: mode IPTABLES -> NFTABLES"))
    while !line.contains("IPTABLES (default) -> NFTABLES") { line = try watcher.line() }
    while !line.hasPrefix("  Reverts by itself at ") { line = try watcher.line() }
    watcher.send(signal: SIGINT)
    #expect(watcher.wait() == -SIGINT)
    #expect(daemon.stop() == 0)
  }

  @Test("a cluster that does not exist ends the command with 3 and a hint how to list the existing ones")
  func missing() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let refused = try daemon.fairlead(["watch", "-g", "rg", "-n", "web"])
    #expect(refused.status == 3)
    #expect(refused.errors.contains("'fairlead list'"))
    #expect(daemon.stop() == 0)
  }

  @Test(
    "after the daemon is killed and started again, the command and the Python client show each later change once",
    arguments: ["watch", "log", "python"])
  func restart(program: String) throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    _ = try daemon.connect().call("cluster.create", cluster("a"))
    let watcher =
      switch program {
      case "watch": try Self.fairlead(["watch", "--after", "0", "--limit", "4", "-o", "json"], daemon)
      case "log": try Self.fairlead(["log", "-f", "--limit", "4", "-o", "json"], daemon)
      default:
        try Watcher(
          "python3",
          [
            "-W", "error", "-c",
            """
            import fairlead, itertools, json
            with fairlead.Client().change_watch(after=0) as watch:
                for change in itertools.islice(watch, 4):
                    print(json.dumps(change), flush=True)
            """,
          ], in: scratch,
          environment: [
            "FAIRLEAD_SOCKET": daemon.socket, "PYTHONPATH": Repository.path("Clients/python"),
            "PYTHONDONTWRITEBYTECODE": "1",
          ])
      }
    #expect(try watcher.seqs(1) == [1])
    _ = try daemon.connect().call("cluster.create", cluster("b"))
    #expect(try watcher.seqs(1) == [2])
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let next = try RunningDaemon(in: scratch)
    _ = try next.connect().call("cluster.create", cluster("c"))
    _ = try next.connect().call("cluster.create", cluster("d"))
    #expect(try watcher.seqs(2) == [3, 4])
    #expect(watcher.wait() == 0)
    #expect(next.stop() == 0)
  }

  @Test("a watcher from the beginning gets each change exactly once while two clients write")
  func busy() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let clients = [try daemon.connect(), try daemon.connect()]
    func create(_ numbers: Range<Int>) throws {
      for number in numbers {
        for (index, client) in clients.enumerated() {
          let params = cluster("c\(index)-\(number)")
          let request: JSON = ["jsonrpc": "2.0", "id": 1, "method": "cluster.create", "params": params]
          client.send(request.text + "\n")
        }
      }
      // Both are writing by now. Their replies are read, since the daemon stops reading from a client that takes none.
      for client in clients {
        for _ in numbers { #expect(try client.readLine()?.contains("\"result\"") == true) }
      }
    }
    try create(0..<100)
    let watcher = try Self.fairlead(["log", "-f", "--limit", "400", "-o", "json"], daemon)
    try create(100..<200)
    #expect(try watcher.seqs(400) == Array(1...400))
    #expect(watcher.wait() == 0)
    #expect(daemon.stop() == 0)
  }

  @Test("the daemon selects changes by label and resource group")
  func filters() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let gold = JSONObject([.init(key: "labels", value: ["tier": "gold"])])
    _ = try client.call("cluster.create", cluster("a"))
    _ = try client.call("cluster.create", cluster("b", gold))
    _ = try client.call("extension.set", ["name": "aks-preview"])
    let chosen = try Self.fairlead(
      ["watch", "--label", "tier=gold", "--after", "0", "--limit", "2", "-o", "json"], daemon)
    let kinds = try Self.fairlead(["log", "-f", "--kind", "extension", "--limit", "1", "-o", "json"], daemon)
    #expect(try chosen.seqs(1) == [2])
    #expect(try kinds.seqs(1) == [3])
    _ = try client.call("cluster.update", cluster("a", gold))
    #expect(try chosen.seqs(1) == [4])
    #expect(chosen.wait() == 0)
    #expect(kinds.wait() == 0)
    #expect(daemon.stop() == 0)
  }

  @Test("a command whose output pipe is closed ends without waiting for a change and without an error")
  func unread() throws {
    let daemon = try RunningDaemon(in: Scratch())
    _ = try daemon.connect().call("cluster.create", cluster("a"))
    // No change follows, so the command does not notice by writing into the broken pipe.
    let finished = try Programs.run(
      "sh", ["-c", #""$0" watch --after 0 -o json | head -n 1"#, Programs.path("fairlead")], in: daemon.scratch,
      environment: ["FAIRLEAD_SOCKET": daemon.socket])
    #expect(finished.status == 0)
    #expect(finished.errors.isEmpty)
    #expect(daemon.stop() == 0)
  }

  @Test("the shell client's watch ends with 6 when the daemon stops", arguments: ["nc", "socat"])
  func shell(tool: String) throws {
    let daemon = try RunningDaemon(in: Scratch())
    _ = try daemon.connect().call("cluster.create", cluster("a"))
    let watcher = try Watcher(
      "dash", ["-euc", ". \(Repository.path("Clients/shell/fairlead.sh")); fl_watch after:=0"], in: daemon.scratch,
      environment: ["FAIRLEAD_SOCKET": daemon.socket, "FL_TRANSPORT": tool])
    #expect(try watcher.seqs(1) == [1])
    _ = try daemon.connect().call("cluster.create", cluster("b"))
    #expect(try watcher.seqs(1) == [2])
    #expect(daemon.stop() == 0)
    #expect(watcher.wait() == 6)
  }
}
