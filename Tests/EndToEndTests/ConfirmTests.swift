// Commit, then confirm, with real programs: deadlines that survive a kill, and the hook that runs after a revert.

import ExactJSON
import Foundation
import Testing

@Suite("Commit, then confirm, end to end", .timeLimit(.minutes(10)))
struct ConfirmTests {
  /// A hook that copies its input to a pipe, and then runs `script`.
  private func hook(_ script: String = "", copyingTo pipe: Fifo, in scratch: Scratch) throws -> [String] {
    let path = try scratch.write("#!/bin/sh\ncat > '\(pipe.path)'\n\(script)\n", to: "hook")
    chmod(path, 0o755)
    return ["--exec-on-revert", path]
  }

  /// `rg/web` at revision 1, IPTABLES, and at revision 2, NFTABLES, which waits `seconds`: change 7.
  private func arm(_ client: LineClient, seconds: Int) throws {
    try client.openGates()
    _ = try client.call("cluster.create", cluster("web", ["config": mode("IPTABLES")]))
    let answer = try client.call(
      "cluster.update", cluster("web", ["config": mode("NFTABLES"), "confirmWithinSeconds": .integer(seconds)]))
    #expect(answer["cluster"]?["pendingConfirm"]?["seq"] == 7, "\(answer.text)")
  }

  @Test("an unconfirmed change is reverted at its deadline, and the hook gets the revert with its report")
  func revert() throws {
    let scratch = try Scratch()
    let pipe = try Fifo("input", in: scratch)
    let daemon = try RunningDaemon(in: scratch, arguments: hook(copyingTo: pipe, in: scratch))
    let client = try daemon.connect()
    try arm(client, seconds: 1)
    #expect(try client.call("registry.health")["pendingConfirms"] == 1)
    let change = try JSON(parsing: pipe.readLine())
    #expect(change["seq"] == 8)
    #expect(change["method"] == "cluster.revert")
    #expect(change["report"]?.text == (try client.call("report.get", ["seq": 8])).text)
    let web = try client.call("cluster.get", cluster())
    #expect(web["config"] == mode("IPTABLES"))
    #expect(web["pendingConfirm"] == nil)
    let health = try client.call("registry.health")
    #expect(health["status"] == "ok")
    #expect(health["head"] == 8)
    #expect(health["pendingConfirms"] == 0)
    let late = try client.call("cluster.confirm", cluster())
    #expect(late["data"]?["kind"] == "conflict")
    #expect(late["message"]?.stringValue?.contains("too late") == true)
    #expect(daemon.stop() == 0)
  }

  @Test("a deadline survives a kill, whether it passes before or after the next start", arguments: [1, 2])
  func killed(seconds: Int) throws {
    let scratch = try Scratch()
    let pipe = try Fifo("input", in: scratch)
    let arguments = try hook(copyingTo: pipe, in: scratch)
    let daemon = try RunningDaemon(in: scratch, arguments: arguments)
    try arm(daemon.connect(), seconds: seconds)
    daemon.send(signal: SIGKILL)
    #expect(daemon.wait() == -SIGKILL)
    let next = try RunningDaemon(in: scratch, arguments: arguments)
    #expect(try JSON(parsing: pipe.readLine())["seq"] == 8)
    #expect(try next.connect().call("cluster.get", cluster())["config"] == mode("IPTABLES"))
    #expect(next.stop() == 0)
  }

  @Test("a hook that hangs delays no request, and is ended when the daemon stops")
  func hang() throws {
    let scratch = try Scratch()
    let pipe = try Fifo("input", in: scratch)
    let daemon = try RunningDaemon(
      in: scratch,
      arguments: hook(
        "trap '' TERM; echo $$ > '\(pipe.path)'; while :; do sleep 100; done", copyingTo: pipe, in: scratch)
    )
    let client = try daemon.connect()
    try arm(client, seconds: 1)
    #expect(try JSON(parsing: pipe.readLine())["seq"] == 8)
    let pid = try pipe.readLine()
    #expect(FileManager.default.fileExists(atPath: "/proc/\(pid)"))
    #expect(try client.call("cluster.update", cluster("web", ["config": mode("NFTABLES")]))["seq"] == 9)
    #expect(daemon.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"))
  }

  @Test(
    "a hook that fails, writes much output or does not exist any more does not disturb the daemon",
    arguments: ["exit 7", "head -c 9000000 /dev/zero", "rm \"$0\""])
  func trouble(script: String) throws {
    let scratch = try Scratch()
    let pipe = try Fifo("input", in: scratch)
    let daemon = try RunningDaemon(in: scratch, arguments: hook(script, copyingTo: pipe, in: scratch))
    let client = try daemon.connect()
    try arm(client, seconds: 1)
    _ = try pipe.readLine()
    let again = cluster("web", ["config": mode("NFTABLES"), "confirmWithinSeconds": 1])
    #expect(try client.call("cluster.update", again)["seq"] == 9)
    try waitForNothingPending(client)
    #expect(try client.call("change.get", ["seq": 10])["method"] == "cluster.revert")
    #expect(daemon.stop() == 0)
  }

  @Test("a daemon refuses to start with a hook that cannot be run, and leaves no files")
  func badHook() throws {
    let scratch = try Scratch()
    let file = try scratch.write("#!/bin/sh\n", to: "hook")
    for (path, why) in [
      (file, "it may not be executed"), ("hook", "not an absolute path"), (scratch.file("none"), "No such file"),
      (scratch.path, "it is not a file"),
    ] {
      let finished = try Programs.run(
        Programs.path("fairleadd"),
        ["--socket", scratch.file("s.sock"), "--database", scratch.file("l.db"), "--exec-on-revert", path], in: scratch)
      #expect(finished.status == 1)
      #expect(finished.errors.contains("cannot use '\(path)' for --exec-on-revert: "), "\(finished.errors)")
      #expect(finished.errors.contains(why), "\(finished.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.file("l.db")))
    }
    let environment = try Programs.run(
      Programs.path("fairleadd"), ["--socket", scratch.file("s.sock"), "--database", scratch.file("l.db")], in: scratch,
      environment: ["FAIRLEAD_EXEC_ON_REVERT": "hook"])
    #expect(environment.status == 1)
  }

  @Test("the command arms a revert, shows the pending change, refuses another one, and confirms")
  func command() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    try client.openGates()
    _ = try client.call("cluster.create", cluster("web", ["config": mode("IPTABLES")]))
    let config = try daemon.scratch.write(#"{"mode":"NFTABLES"}"#, to: "nft.json")
    let update = ["update", "-g", "rg", "-n", "web", "--kube-proxy-config", config, "--yes"]
    let plan = try daemon.fairlead(["plan"] + update.dropLast() + ["--confirm-within", "10m"])
    #expect(plan.output.contains("Reverts by itself 10 min after it is recorded"), "\(plan.output)\(plan.errors)")
    let armed = try daemon.fairlead(update + ["--confirm-within", "10m"])
    #expect(armed.status == 0, "\(armed.errors)")
    #expect(armed.output.contains("\nReverts by itself at "))
    #expect(armed.output.hasSuffix(" UTC unless it is confirmed.\n"))
    #expect(try daemon.fairlead(["status"]).output.contains("to confirm   1, the first until 20"))
    #expect(try daemon.fairlead(["list"]).output.contains("NFTABLES (to confirm)"))
    #expect(
      try daemon.fairlead(["show", "-g", "rg", "-n", "web"]).output.contains("Revision 2 reverts to 1 by itself at "))
    let refused = try daemon.fairlead(["delete", "-g", "rg", "-n", "web", "--yes"])
    #expect(refused.status == 5)
    #expect(refused.errors.contains("'fairlead confirm -g rg -n web'"), "\(refused.errors)")
    let confirmed = try daemon.fairlead(["confirm", "-g", "rg", "-n", "web", "-m", "all well"])
    #expect(confirmed.status == 0)
    #expect(confirmed.output.hasSuffix("Recorded as change 8: rg/web is at revision 2.\n"), "\(confirmed.output)")
    #expect(try daemon.fairlead(["confirm", "-g", "rg", "-n", "web"]).status == 5)
    #expect(!(try daemon.fairlead(["status"]).output.contains("to confirm")))
    #expect(daemon.stop() == 0)
  }

  @Test("log --follow prints each change once, although the daemon is killed meanwhile, and ends at its limit")
  func follow() throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    _ = try daemon.connect().call("cluster.create", cluster("a"))
    let pipe = try Fifo("log", in: scratch)
    let process = try Child(
      Programs.path("fairlead"), ["log", "-f", "--limit", "3", "-o", "json", "--socket", daemon.socket],
      output: .file(pipe.path))
    #expect(try JSON(parsing: pipe.readLine())["subject"] == "rg/a")
    _ = try daemon.connect().call("cluster.create", cluster("b"))
    #expect(try JSON(parsing: pipe.readLine())["subject"] == "rg/b")
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let next = try RunningDaemon(in: scratch)
    _ = try next.connect().call("cluster.create", cluster("c"))
    #expect(try JSON(parsing: pipe.readLine())["subject"] == "rg/c")
    #expect(process.wait() == 0)
    #expect(next.stop() == 0)
  }

  private func waitForNothingPending(_ client: LineClient) throws {
    let deadline = Date(timeIntervalSinceNow: 30)
    while try client.call("registry.health")["pendingConfirms"] != 0 {
      guard Date() < deadline else { throw Failure("still waiting to be confirmed after 30 seconds") }
      usleep(10_000)
    }
  }

  @Test("the audit query for reverts lists the changes that nobody confirmed")
  func audit() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    try arm(client, seconds: 1)
    try waitForNothingPending(client)
    let text = try Repository.text("docs/audit.md")
    let match = try #require(text.firstMatch(of: /(?s)## 13\. [^\n]*\n\n```sql\n(.*?)```/))
    let rows = try Programs.sqlite(String(match.1), database: daemon.database, in: daemon.scratch)
    let me = try Programs.run("id", ["-un"], in: daemon.scratch).output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(rows.count == 1)
    #expect(rows.first?.hasPrefix("7|rg|web|2|\(me)||8|20") == true, "\(rows)")
  }
}
