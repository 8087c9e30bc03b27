// A disk on which neither a commit nor overwriting it succeeds: the daemon refuses changes, reports that, and serves reads.

import ExactJSON
import DaemonTestSupport
import Foundation
import Testing

@Suite("Read-only", .timeLimit(.minutes(10)))
struct ReadOnlyTests {
  private func create(_ name: String) -> JSON { cluster(name, ["requestId": .string("id-\(name)")]) }

  /// The refusal of a change because of a broken disk.
  private func refusal(of name: String, by client: LineClient) throws -> String {
    let error = try client.call("cluster.create", create(name))
    #expect(error["data"]?["kind"] == "unavailable", "\(error.text)")
    return try #require(error["message"]?.stringValue)
  }

  private func subjects(_ client: LineClient) throws -> [String?] {
    try #require(try client.call("change.list")["items"]?.arrayValue).map { $0["subject"]?.stringValue }
  }

  /// Reads and watches work as before the disk broke.
  private func expectReads(_ client: LineClient) throws {
    #expect(try client.call("cluster.get", cluster("before"))["revision"] == 1)
    #expect(try client.call("cluster.list")["items"]?.arrayValue?.count == 1)
    #expect(try client.call("cluster.history", cluster("before"))["items"]?.arrayValue?.count == 1)
    #expect(
      try client.call("cluster.update", cluster("before", ["dryRun": true, "labels": ["a": "b"]]))["seq"] == .null)
    #expect(try subjects(client) == ["rg/before"])
    #expect(try client.call("cluster.get", cluster("during"))["data"]?["kind"] == "not-found")
  }

  /// The next line of a watch.
  private func event(_ client: LineClient) throws -> String? {
    try JSON(parsing: try #require(try client.readLine()))["params"]?["subject"]?.stringValue
  }

  @Test(
    "changes are refused with a hint, health says why, reads and watches continue, and later changes are accepted again"
  )
  func state() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    let watcher = try daemon.connect()
    _ = try watcher.call("change.watch")
    _ = try client.call("cluster.create", cluster("before"))
    #expect(try event(watcher) == "rg/before")
    // Smaller than the WAL already is: no page has room, not even those that would overwrite the failed commit.
    try limitFiles(of: daemon, toBytes: 4096)

    // Its outcome is unknown, and the message says how to find it out; the next one was never started.
    #expect(
      try refusal(of: "during", by: client).hasSuffix("look before you repeat it, or repeat it with its requestId"))
    #expect(try refusal(of: "next", by: client).hasPrefix("cannot write the database \(daemon.database): "))
    let health = try client.call("registry.health")
    #expect(health["status"] == "read-only")
    #expect(health["head"] == 1)
    #expect(health["reason"]?.stringValue?.hasPrefix("cannot write the database \(daemon.database): ") == true)
    try expectReads(client)
    let late = try daemon.connect()
    _ = try late.call("change.watch", ["after": 0])
    #expect(try event(late) == "rg/before")

    try limitFiles(of: daemon, toBytes: nil)
    #expect(try client.call("cluster.create", create("after"))["seq"] == 2)
    #expect(try client.call("registry.health")["status"] == "ok")
    #expect(try client.call("registry.health")["reason"] == nil)
    // Neither of the refused changes is recorded, and each may be sent again.
    #expect(try subjects(client) == ["rg/before", "rg/after"])
    #expect(try client.call("cluster.create", create("during"))["seq"] == 3)
    for watcher in [watcher, late] { #expect(try [event(watcher), event(watcher)] == ["rg/after", "rg/during"]) }
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let next = try RunningDaemon(in: daemon.scratch)
    #expect(try subjects(try next.connect()) == ["rg/before", "rg/after", "rg/during"])
    #expect(next.stop() == 0)
  }

  @Test(
    "a daemon in that state stops in order, says that the WAL stays, and after the next start every change is there")
  func stop() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    _ = try client.call("cluster.create", cluster("before"))
    try limitFiles(of: daemon, toBytes: 4096)
    _ = try refusal(of: "during", by: client)
    #expect(daemon.stop() == 1)
    #expect(try daemon.lastWords().contains("cannot move the write-ahead log"))
    let next = try RunningDaemon(in: daemon.scratch)
    #expect(try subjects(try next.connect()) == ["rg/before"])
    #expect(try next.connect().call("cluster.create", create("during"))["seq"] == 2)
  }

  @Test("a change whose deadline passes in that state is reverted once the disk works, without another request")
  func deadline() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    try client.openGates()
    _ = try client.call("cluster.create", cluster("web", ["config": mode("IPTABLES")]))
    let watcher = try daemon.connect()
    let armed = try client.call(
      "cluster.update", cluster("web", ["config": mode("IPVS"), "confirmWithinSeconds": 1]))
    let seq = try #require(armed["seq"]?.intValue)
    _ = try watcher.call("change.watch", ["after": .integer(seq)])
    try limitFiles(of: daemon, toBytes: 4096)
    _ = try refusal(of: "during", by: client)
    try limitFiles(of: daemon, toBytes: nil)
    let line = try JSON(parsing: try #require(try watcher.readLine()))
    #expect(line["params"]?["method"] == "cluster.revert", "\(line.text)")
    #expect(try client.call("registry.health")["status"] == "ok")
  }

  // MARK: A commit that is written and not synced

  /// A daemon whose commit of `during` was written and not synced, since the disk failed under it.
  private func uncertainCommit() throws -> (BrokenDisk, RunningDaemon, LineClient) {
    let scratch = try Scratch()
    let disk = try BrokenDisk(in: scratch)
    let daemon = try RunningDaemon(in: scratch, environment: disk.environment)
    let client = try daemon.connect()
    _ = try client.call("cluster.create", cluster("before"))
    try disk.fail()
    _ = try refusal(of: "during", by: client)
    return (disk, daemon, client)
  }

  @Test(
    "a commit that was written but not synced is recorded once after a kill, and a repeated request is answered with it",
    .enabled(if: BrokenDisk.isPossible, "there is no C compiler, cc, to make a broken disk with"))
  func uncertainAndKilled() throws {
    let (_, daemon, client) = try uncertainCommit()
    #expect(try client.call("registry.health")["status"] == "read-only")
    // It may be on disk, but no reader sees it as long as that is uncertain.
    try expectReads(client)
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let next = try RunningDaemon(in: daemon.scratch)
    let again = try next.connect()
    #expect(try subjects(again) == ["rg/before", "rg/during"])
    #expect(try again.call("cluster.get", cluster("during"))["revision"] == 1)
    #expect(try again.call("cluster.create", create("during"))["seq"] == 2)
    #expect(try again.call("cluster.create", create("after"))["seq"] == 3)
    #expect(next.stop() == 0)
  }

  @Test(
    "a commit that was written but not synced is removed for good once the disk works, also after a kill",
    .enabled(if: BrokenDisk.isPossible, "there is no C compiler, cc, to make a broken disk with"))
  func uncertainAndMended() throws {
    let (disk, daemon, client) = try uncertainCommit()
    _ = try refusal(of: "next", by: client)
    try disk.mend()
    #expect(try client.call("cluster.create", create("after"))["seq"] == 2)
    #expect(try client.call("registry.health")["status"] == "ok")
    #expect(try subjects(client) == ["rg/before", "rg/after"])
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let next = try RunningDaemon(in: daemon.scratch)
    #expect(try subjects(try next.connect()) == ["rg/before", "rg/after"])
    #expect(try next.connect().call("cluster.create", create("during"))["seq"] == 3)
    #expect(next.stop() == 0)
  }
}
