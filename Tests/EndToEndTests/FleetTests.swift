// A change of three hundred clusters with the real command and daemon: plan, canary, the rest, and rollback.

import ExactJSON
import Foundation
import Testing

@Suite("A whole fleet", .timeLimit(.minutes(10)))
struct FleetTests {
  /// A daemon with open gates and clusters `rg/c0` to `rg/c299` under IPVS, every tenth of them outside `env=prod`.
  private func daemon() throws -> RunningDaemon {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    try client.openGates()
    let changes = (0..<300).map { number -> JSON in
      [
        "method": "cluster.create",
        "params": [
          "resourceGroup": "rg", "name": .string("c\(number)"), "config": mode("IPVS"),
          "labels": ["env": number % 10 == 0 ? "test" : "prod"],
          "facts": ["kubernetesVersion": "1.34", "nodeCount": .integer(3 + number)],
        ],
      ]
    }
    let made = try client.call("cluster.apply", ["changes": .array(changes), "detail": "summary", "message": "first"])
    #expect(made["totals"]?["recorded"] == 300)
    return daemon
  }

  private func modes(_ daemon: RunningDaemon) throws -> [String] {
    try Programs.sqlite(
      "SELECT mode, count(*) FROM cluster_current GROUP BY mode ORDER BY mode", database: daemon.database,
      in: daemon.scratch)
  }

  @Test("is planned, changed with the least risky clusters first, finished, and rolled back")
  func life() throws {
    let daemon = try daemon()
    let config = try daemon.scratch.write(#"{"mode": "NFTABLES"}"#, to: "n.json")
    let update = ["update", "--label", "env=prod", "--kube-proxy-config", config]

    let plan = try daemon.fairlead(["plan"] + update + ["--detailed-exitcode"])
    #expect(plan.status == 2, "\(plan.errors)")
    #expect(plan.output.hasPrefix("HIGH  update 270 clusters (env=prod): 270 high\n"))
    #expect(plan.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try modes(daemon) == ["IPVS|300"])

    let unasked = try daemon.fairlead(update)
    #expect(unasked.status == 1)
    #expect(try modes(daemon) == ["IPVS|300"])

    let canary = try daemon.fairlead(update + ["--canary", "3", "--yes", "-m", "canary"])
    #expect(canary.status == 0, "\(canary.errors)")
    #expect(canary.output.contains("The least risky: rg/c1, rg/c2, rg/c3."))
    #expect(canary.output.contains("the other 267"))
    #expect(try modes(daemon) == ["IPVS|297", "NFTABLES|3"])

    let rest = try daemon.fairlead(update + ["--yes", "-m", "the rest"])
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(rest.output.contains("267 high, 3 with nothing to do"))
    #expect(try modes(daemon) == ["IPVS|30", "NFTABLES|270"])
    #expect(
      try Programs.sqlite(
        "SELECT message, count(*), min(seq), max(seq) FROM audit_log WHERE method = 'cluster.update' GROUP BY message",
        database: daemon.database, in: daemon.scratch) == ["canary|3|306|308", "the rest|267|309|575"])

    let again = try daemon.fairlead(["plan"] + update + ["--detailed-exitcode"])
    #expect(again.status == 0)
    let back = try daemon.fairlead(["rollback", "--label", "env=prod", "--yes", "-o", "tsv"])
    #expect(back.status == 0, "\(back.errors)")
    #expect(back.output.split(separator: "\n").count == 270)
    #expect(try modes(daemon) == ["IPVS|300"])
    #expect(daemon.stop() == 0)
  }

  @Test("stays unchanged where one cluster is refused, and with --continue changes the others")
  func refused() throws {
    let daemon = try daemon()
    _ = try daemon.connect().call("cluster.update", cluster("c7", ["facts": ["kubernetesVersion": "1.30"]]))
    let config = try daemon.scratch.write(#"{"mode": "NFTABLES"}"#, to: "n.json")
    let update = ["update", "--label", "env=prod", "--kube-proxy-config", config, "--yes"]
    let atomic = try daemon.fairlead(update)
    #expect(atomic.status == 4)
    #expect(atomic.errors.contains("1 of them is refused, rg/c7: cannot update rg/c7: ENV-01"))
    #expect(try modes(daemon) == ["IPVS|300"])
    #expect(try daemon.fairlead(["plan"] + update.dropLast() + ["--detailed-exitcode"]).status == 4)
    let others = try daemon.fairlead(update + ["--continue"])
    #expect(others.status == 4)
    #expect(try modes(daemon) == ["IPVS|31", "NFTABLES|269"])
    let overridden = try daemon.fairlead(update + ["--override", "ENV-01", "-m", "tested"])
    #expect(overridden.status == 0, "\(overridden.errors)")
    #expect(try modes(daemon) == ["IPVS|30", "NFTABLES|270"])
  }

  /// A request that moves every cluster to NFTABLES.
  private func apply(_ more: JSONObject) -> JSON {
    let changes = (0..<300).map { number -> JSON in
      ["method": "cluster.update", "params": cluster("c\(number)", ["config": mode("NFTABLES")])]
    }
    var params: JSONObject = ["changes": .array(changes)]
    for member in more.members { params.append(member.key, member.value) }
    return ["jsonrpc": "2.0", "id": 1, "method": "cluster.apply", "params": .object(params)]
  }

  @Test("a daemon that is killed during an apply has recorded all of it or nothing")
  func killed() throws {
    let daemon = try daemon()
    let client = try daemon.connect()
    let request = apply(["requestId": "k"])
    client.send(request.text + "\n")
    // Another connection is answered during the apply or after it; either way the daemon has started the apply.
    _ = try daemon.connect().call("registry.health")
    daemon.send(signal: SIGKILL)
    _ = daemon.wait()
    let again = try RunningDaemon(in: daemon.scratch)
    let found = try modes(again)
    #expect(found == ["IPVS|300"] || found == ["NFTABLES|300"])
    // Sent again with its idempotency key, it is recorded once.
    let answer = try again.connect().call("cluster.apply", request["params"] ?? .null)
    #expect(answer["seq"] == 605)
    #expect(try modes(again) == ["NFTABLES|300"])
    #expect(try again.connect().call("registry.health")["head"] == 605)
  }

  @Test("other clients can read and change while a fleet is planned")
  func besides() throws {
    let daemon = try daemon()
    let planner = try daemon.connect()
    let request = apply(["dryRun": true])
    planner.send(request.text + "\n")
    let moved = try daemon.connect().call("cluster.update", cluster("c1", ["labels": ["a": "b"]]))
    #expect(moved["seq"] == 306)
    let reply = try JSON(parsing: try #require(try planner.readLine()))
    #expect(reply["result"]?["results"]?.arrayValue?.count == 300)
    #expect(daemon.stop() == 0)
  }
}
