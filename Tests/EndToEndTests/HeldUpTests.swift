// A daemon whose database another program has locked, or whose output cannot be written.

import ExactJSON
import Foundation
import Testing

@Suite("Obstacles from outside", .timeLimit(.minutes(10)))
struct HeldUpTests {
  /// The sqlite3 shell in a write transaction, until a test releases it.
  private final class Holder {
    private let process: Child
    private let input = Pipe()

    init(_ database: String) throws {
      let output = Pipe()
      process = try Child(
        "sqlite3", ["-batch", database], input: .descriptor(input.fileHandleForReading.fileDescriptor),
        output: .descriptor(output.fileHandleForWriting.fileDescriptor))
      input.fileHandleForWriting.write(Data("BEGIN IMMEDIATE; SELECT 'held';\n".utf8))
      guard output.fileHandleForReading.availableData == Data("held\n".utf8) else { throw Failure("no lock") }
    }

    func release() {
      input.fileHandleForWriting.closeFile()
      process.wait()
    }
  }

  @Test("while another program holds the write lock, every change is refused within seconds, and reads continue")
  func locked() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let clients = try (0..<6).map { _ in try daemon.connect() }
    _ = try clients[0].call("cluster.create", cluster())
    let holder = try Holder(daemon.database)
    for (number, client) in clients.enumerated() {
      let request: JSON = [
        "jsonrpc": "2.0", "id": 1, "method": "cluster.create", "params": cluster("c\(number)"),
      ]
      client.send(request.text + "\n")
    }
    #expect(try daemon.connect().call("cluster.get", cluster())["revision"] == 1)
    var kinds: [String] = []
    for client in clients {
      let reply = try JSON(parsing: try #require(try client.readLine()))
      kinds.append(reply["error"]?["data"]?["kind"]?.stringValue ?? reply.text)
    }
    #expect(kinds == Array(repeating: "unavailable", count: 6))
    holder.release()
    #expect(try clients[0].call("cluster.create", cluster("after"))["seq"] == 2)
    #expect(daemon.stop() == 0)
  }

  @Test("health names the program that holds the write lock, without a change, and is well again once it lets go")
  func lockInHealth() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let shell = try SQLiteShell(daemon.database)
    try shell.execute("BEGIN IMMEDIATE")
    // Nobody changes anything: the daemon notices by itself. The suite's time limit ends what never comes.
    var health = try client.call("registry.health")
    while health["status"] == "ok" { health = try client.call("registry.health") }
    #expect(health["status"] == "read-only")
    #expect(health["reasons"]?.arrayValue?.first?["code"] == "locked")
    #expect(health["reasons"]?.arrayValue?.first?["by"]?["pid"] == .integer(Int(shell.pid)))
    try shell.execute("ROLLBACK")
    while health["status"] != "ok" { health = try client.call("registry.health") }
    #expect(daemon.stop() == 0)
  }

  @Test("a stop that another program's reader keeps from emptying the WAL says who it is, and ends with 1")
  func pinnedStop() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    _ = try client.call("cluster.create", cluster())
    let shell = try SQLiteShell(daemon.database)
    try shell.execute("BEGIN; SELECT count(*) FROM change")
    _ = try client.call("cluster.create", cluster("other"))
    #expect(daemon.stop() == 1)
    let words = try daemon.lastWords()
    #expect(words.contains("sqlite3 (pid \(shell.pid)) reads it"), "\(words)")
  }

  @Test("watches get what another program writes into the log, and what comes after it")
  func foreignChange() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    _ = try client.call("cluster.create", cluster())
    let watcher = try daemon.connect()
    _ = try watcher.call("change.watch", ["after": 1])
    _ = try Programs.sqlite(
      """
      INSERT INTO change (seq, at, cluster_key, actor_uid, record)
      SELECT 2, at, NULL, actor_uid, json_set(record, '$.seq', 2, '$.effects.cluster.updatedSeq', 2, '$.effects.revision.seq', 2)
      FROM change WHERE seq = 1
      """, database: daemon.database, in: daemon.scratch)
    #expect(try JSON(parsing: try #require(try watcher.readLine()))["params"]?["seq"] == 2)
    #expect(try client.call("registry.health")["reasons"]?.arrayValue?.first?["code"] == "foreign-change")
    _ = try client.call("cluster.create", cluster("other"))
    #expect(try JSON(parsing: try #require(try watcher.readLine()))["params"]?["seq"] == 3)
    #expect(daemon.stop() == 0)
  }

  @Test(
    "a daemon whose stderr is closed or full works, says in health that its log is lost, and stops in order",
    arguments: [("2>&-", "ok"), ("2>/dev/full", "degraded")])
  func noLog(redirection: String, status: String) throws {
    let scratch = try Scratch()
    let socket = scratch.file("s.sock")
    // The shell ends when the daemon does, since it waits for it.
    let process = try Child(
      "/bin/sh",
      [
        "-c",
        "exec '\(Programs.path("fairleadd"))' --socket '\(socket)' --database '\(scratch.file("l.db"))' \(redirection)",
      ])
    var client: LineClient?
    // The daemon cannot log that it is ready, so the test tries the socket until the suite's time limit.
    while client == nil { client = try? LineClient(path: socket) }
    // The line that it is ready is written by a thread of the log's.
    while try client?.call("registry.health")["status"]?.stringValue != status {}
    process.send(signal: SIGTERM)
    #expect(process.wait() == 0)
    #expect(!FileManager.default.fileExists(atPath: socket))
  }

  @Test("a database under two names is refused")
  func hardLink() throws {
    let scratch = try Scratch()
    #expect(try RunningDaemon(in: scratch).stop() == 0)
    #expect(link(scratch.file("ledger.db"), scratch.file("other.db")) == 0)
    let refused = try Programs.run(
      Programs.path("fairleadd"), ["--socket", scratch.file("s.sock"), "--database", scratch.file("other.db")],
      in: scratch)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("2 names (hard links)"))
  }

  @Test("the command says that a change was recorded where stdout cannot take the report")
  func fullOutput() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let finished = try Programs.run(
      "sh", ["-c", "'\(Programs.path("fairlead"))' create -g rg -n web > /dev/full"], in: daemon.scratch,
      environment: ["FAIRLEAD_SOCKET": daemon.socket])
    #expect(finished.status == 1)
    #expect(finished.errors.contains("Recorded as change 1"), "\(finished.errors)")
  }
}
