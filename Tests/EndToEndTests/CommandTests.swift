// The command against a real daemon: command lines good and bad, their output and their exit codes.

import ExactJSON
import Foundation
import Testing

@Suite("The command", .timeLimit(.minutes(10)))
struct CommandTests {
  /// A daemon whose gates are open, with a cluster `rg/web` under IPVS.
  private func daemon() throws -> RunningDaemon {
    let daemon = try RunningDaemon(in: Scratch())
    try daemon.connect().openGates()
    let config = try Repository.text("Tests/Fixtures/seed/ipvs.json")
    let made = try daemon.fairlead(
      ["create", "-g", "rg", "-n", "web", "--kube-proxy-config", "-", "-k", "1.34"], input: config)
    #expect(made.status == 0, "\(made.errors)")
    return daemon
  }

  private func head(_ daemon: RunningDaemon) throws -> JSON? { try daemon.connect().call("registry.health")["head"] }

  @Test("creates, updates, shows, diffs, rolls back and deletes")
  func life() throws {
    let daemon = try daemon()
    let name = ["-g", "rg", "-n", "web"]
    let nftables = try daemon.scratch.write(#"{"mode": "NFTABLES"}"#, to: "n.json")
    #expect(try daemon.fairlead(["update"] + name + ["--kube-proxy-config", nftables, "-y", "-m", "why"]).status == 0)
    #expect(try daemon.fairlead(["show"] + name).output.contains("NFTABLES"))
    #expect(try daemon.fairlead(["show"] + name + ["--revision", "1"]).output.contains("IPVS"))
    #expect(try daemon.fairlead(["diff"] + name).output.contains("IPVS -> NFTABLES"))
    #expect(try daemon.fairlead(["rollback"] + name + ["-y"]).output.contains("revision 3"))
    let history = try JSON(parsing: try daemon.fairlead(["history"] + name + ["-o", "json"]).output)
    let items = history["items"]?.arrayValue ?? history.arrayValue
    #expect(items?.compactMap { $0["origin"]?.stringValue } == ["rollback", "update", "create"])
    #expect(try daemon.fairlead(["delete"] + name + ["-y"]).status == 0)
    #expect(try daemon.fairlead(["show"] + name).status == 3)
  }

  @Test("status gives up on a daemon that does not answer, and says what it waited for")
  func statusOfAStoppedProcess() throws {
    let daemon = try RunningDaemon(in: Scratch())
    #expect(try daemon.fairlead(["status"]).status == 0)
    daemon.send(signal: SIGSTOP)
    defer { daemon.send(signal: SIGCONT) }
    let finished = try daemon.fairlead(["status", "--timeout", "1"])
    #expect(finished.status == 6)
    #expect(
      finished.errors.hasPrefix(
        "fairlead: cannot tell what came of it: the daemon (process \(daemon.pid)) listens, and has not "
          + "replied to registry.health within 1 s\n"))
  }

  @Test(
    "a message and a request id with what a terminal would act on are refused; line feed and tab are taken in a message"
  )
  func controlCharacters() throws {
    let daemon = try daemon()
    let client = try daemon.connect()
    for hostile in ["a\u{1B}[2J", "b\u{0}c", "\u{202E}gnp", "\u{9B}31m", "x\u{2028}y", "cr\r"] {
      for member in ["message", "requestId"] {
        var params: JSONObject = ["resourceGroup": "rg", "name": "web", "labels": ["a": "b"]]
        params[member] = .string(hostile)
        let answer = try client.call("cluster.update", .object(params))
        #expect(answer["data"]?["path"] == .string(member))
      }
    }
    let kept = try client.call(
      "cluster.update", ["resourceGroup": "rg", "name": "web", "labels": ["a": "b"], "message": "line\n\tline"])
    #expect(kept["seq"]?.intValue != nil)
  }

  @Test("a disruptive change without a terminal and without --yes is declined, and records nothing")
  func declined() throws {
    let daemon = try daemon()
    let before = try head(daemon)
    let config = try daemon.scratch.write(#"{"mode": "NFTABLES"}"#, to: "n.json")
    let finished = try daemon.fairlead(["update", "-g", "rg", "-n", "web", "--kube-proxy-config", config])
    #expect(finished.status == 1)
    #expect(finished.errors.contains("--yes"))
    #expect(try head(daemon) == before)
  }

  @Test("a plan's exit code says what the change would come to, and its digest commits exactly that plan")
  func plan() throws {
    let daemon = try daemon()
    let name = ["-g", "rg", "-n", "web"]
    let nftables = try daemon.scratch.write(#"{"mode": "NFTABLES"}"#, to: "n.json")
    let same = try daemon.scratch.write(try Repository.text("Tests/Fixtures/seed/ipvs.json"), to: "same.json")
    let plan = ["plan", "update"] + name
    #expect(try daemon.fairlead(plan + ["--kube-proxy-config", nftables]).status == 0)
    #expect(try daemon.fairlead(plan + ["--kube-proxy-config", nftables, "--detailed-exitcode"]).status == 2)
    #expect(try daemon.fairlead(plan + ["--kube-proxy-config", same, "--detailed-exitcode"]).status == 0)
    #expect(
      try daemon.fairlead(
        plan + [
          "--kube-proxy-config", nftables, "--api-version", "2024-01-02-preview",
          "--detailed-exitcode",
        ]
      ).status == 4)
    let json = try JSON(
      parsing: try daemon.fairlead(plan + ["--kube-proxy-config", nftables, "-o", "json"]).output)
    let digest = try #require((json["planDigest"] ?? json["report"]?["planDigest"])?.stringValue)
    #expect(try daemon.fairlead(["update"] + name + ["-c", "5"]).status == 0)
    let stale = try daemon.fairlead(["update"] + name + ["--kube-proxy-config", nftables, "--plan", digest, "-y"])
    #expect(stale.status == 5)
    #expect(stale.errors.contains("moved"))
  }

  @Test("facts and configuration are read from Azure's documents", arguments: ["arm", "azshow"])
  func fromAzure(shape: String) throws {
    let daemon = try daemon()
    let file = Repository.path("Tests/Fixtures/azure/managedcluster-\(shape).json")
    let made = try daemon.fairlead(["create", "-g", "rg", "-n", "imported", "--from", file])
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("cliakstest000002"), "the other name in the file is noted")
    let shown = try daemon.connect().call("cluster.get", cluster("imported"))
    #expect(shown["config"]?.text == #"{"enabled":true,"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection"}}"#)
    #expect(shown["facts"]?["nodeCount"] == 3)
    #expect(try daemon.fairlead(["update", "-g", "rg", "-n", "imported", "--from", file]).status == 0)
  }

  @Test("a file with old spellings: keys are normalised with a note, a scheduler is refused with the nearest name")
  func oldFiles() throws {
    let daemon = try daemon()
    let keys = try daemon.fairlead([
      "create", "-g", "rg", "-n", "old", "--kube-proxy-config", Repository.path("Tests/Fixtures/seed/old-keys.json"),
    ])
    #expect(keys.status == 0, "\(keys.errors)")
    #expect(keys.output.contains("'TCPTimeoutSeconds'"))
    let scheduler = try daemon.fairlead([
      "create", "-g", "rg", "-n", "older", "--kube-proxy-config",
      Repository.path("Tests/Fixtures/seed/old-scheduler.json"),
    ])
    #expect(scheduler.status == 64)
    #expect(scheduler.errors.contains("did you mean 'LeastConnection'?"))
  }

  @Test(
    "a bad document is refused with one error, and changes nothing",
    arguments: [
      ("{", 64, "JSON"), ("[]", 64, "object"), ("", 64, "nothing in it"), (#"{"mode":"IPV"}"#, 64, "IPVS"),
      (#"{"mod":"IPVS"}"#, 64, "mode"), (#"{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":0}}"#, 64, "positive"),
      (#"{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":-5}}"#, 64, "positive"),
      (#"{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":1.5}}"#, 64, "whole number"),
      (#"{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":"9"}}"#, 64, "string"),
      (#"{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":2147483648}}"#, 64, "int32"),
      (#"{"mode":"NFTABLES","ipvsConfig":{"scheduler":"RoundRobin"}}"#, 64, "IPVS"),
      (#"{"mode":"IPVS","mode":"IPVS"}"#, 64, "twice"),
    ])
  func badDocument(text: String, status: Int32, said: String) throws {
    let daemon = try daemon()
    let before = try head(daemon)
    let file = try daemon.scratch.write(text, to: "kube-proxy.json")
    let finished = try daemon.fairlead(["update", "-g", "rg", "-n", "web", "--kube-proxy-config", file, "-y"])
    #expect(finished.status == status, "\(finished.errors)")
    #expect(finished.errors.contains(said), "\(finished.errors)")
    #expect(finished.errors.contains("kube-proxy.json"), "\(finished.errors)")
    #expect(finished.output.isEmpty)
    #expect(try head(daemon) == before)
  }

  @Test("a missing file and a folder are named in the error")
  func missingFile() throws {
    let daemon = try daemon()
    for path in ["nowhere.json", "/tmp"] {
      let finished = try daemon.fairlead(["update", "-g", "rg", "-n", "web", "--kube-proxy-config", path, "-y"])
      #expect(finished.status == 1)
      #expect(finished.errors.contains(path))
    }
  }

  @Test(
    "bad requests end with the right exit code",
    arguments: [
      (["create", "-g", "rg", "-n", "web"], 5), (["update", "-g", "rg", "-n", "none", "-c", "3"], 3),
      (["show", "-g", "rg", "-n", "none"], 3),
      (["update", "-g", "rg", "-n", "web", "-c", "4", "--if-revision", "9"], 5),
      (["rollback", "-g", "rg", "-n", "web", "--to-revision", "7", "-y"], 3),
      (["rollback", "-g", "rg", "-n", "web", "-y"], 3), (["create", "-g", "rg", "-n", "-bad-"], 64),
      (["create", "-g", "rg.", "-n", "ok"], 64), (["update", "-g", "rg", "-n", "web"], 64),
      (["update", "-g", "rg", "-n", "web", "-c", "many"], 64),
      (["update", "-g", "rg", "-n", "web", "-c", "3", "--override", "POL-99", "-m", "w"], 64),
      (["history", "-g", "rg"], 64), (["udpate"], 64), (["call", "cluster.updat"], 64),
      (["call", "cluster.get", "{"], 64),
      (["report", "999"], 3), (["extension", "update", "--name", "never-added"], 3),
    ] as [([String], Int32)])
  func exitCodes(arguments: [String], status: Int32) throws {
    let daemon = try daemon()
    let before = try head(daemon)
    let finished = try daemon.fairlead(arguments)
    #expect(finished.status == status, "\(finished.errors)")
    #expect(!finished.errors.isEmpty)
    #expect(finished.output.isEmpty, "\(finished.output)")
    #expect(try head(daemon) == before)
  }

  @Test("a blocked change ends with 4, and an override with a message records it")
  func blocked() throws {
    let daemon = try daemon()
    #expect(
      try daemon.fairlead(["create", "-g", "rg", "-n", "npm", "--network-policy", "azure", "-k", "1.34"]).status == 0)
    let ipvs = Repository.path("Tests/Fixtures/seed/ipvs.json")
    let update = ["update", "-g", "rg", "-n", "npm", "--kube-proxy-config", ipvs, "-y"]
    let refused = try daemon.fairlead(update)
    #expect(refused.status == 4)
    #expect(refused.errors.contains("POL-01"))
    #expect(try daemon.fairlead(update + ["--override", "POL-01"]).status == 64)
    #expect(try daemon.fairlead(update + ["--override", "POL-01", "-m", "a test cluster"]).status == 0)
  }

  @Test(
    "a missing socket, one without a listener and one without permission give different messages, all with exit code 6")
  func unreachable() throws {
    let scratch = try Scratch()
    let program = Programs.path("fairlead")
    let missing = try Programs.run(program, ["list", "--socket", scratch.file("none.sock")], in: scratch)
    let daemon = try RunningDaemon(in: scratch)
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let dead = try Programs.run(program, ["list", "--socket", daemon.socket], in: scratch)
    #expect(missing.status == 6)
    #expect(dead.status == 6)
    #expect(missing.errors != dead.errors)
    let long = try Programs.run(
      program, ["list", "--socket", "/tmp/\(String(repeating: "x", count: 120))"], in: scratch)
    #expect([6, 64].contains(long.status))
    #expect(long.errors.contains("107"))
  }

  @Test("another user is refused with an error that says why")
  func otherUser() throws {
    guard getuid() == 0 else { return }  // Only root can become another user.
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch)
    let program = scratch.file("fairlead")
    try FileManager.default.copyItem(atPath: Programs.path("fairlead"), toPath: program)
    #expect(chmod(scratch.path, 0o755) == 0)
    let asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", program, "list", "--socket", daemon.socket]
    let shut = try Programs.run("setpriv", asNobody, in: scratch)
    #expect(shut.status == 6, "\(shut.errors)")
    // Even where the file's mode lets everybody connect, the daemon checks the peer's uid.
    #expect(chmod(daemon.socket, 0o777) == 0)
    let denied = try Programs.run("setpriv", asNobody, in: scratch)
    #expect(denied.status != 0)
    #expect(denied.errors.contains("65534"), "\(denied.errors)")
  }
}
