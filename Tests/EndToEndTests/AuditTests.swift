// The SQL queries of docs/audit.md, run by the sqlite3 shell against a ledger that a daemon wrote.

import ExactJSON
import Foundation
import Testing

@Suite("Audit queries", .timeLimit(.minutes(10)))
struct AuditTests {
  /// The queries of the document, by number.
  private static let queries: [Int: String] = {
    guard let text = try? Repository.text("docs/audit.md") else { return [:] }
    var queries: [Int: String] = [:]
    for match in text.matches(of: /(?s)## (\d+)\. [^\n]*\n\n```sql\n(.*?)```/) {
      queries[Int(match.1) ?? 0] = String(match.2)
    }
    return queries
  }()

  /// A ledger with two moves to IPVS, an override, a rollback and a delete.
  private func ledger() throws -> RunningDaemon {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    try client.openGates()
    let web: JSONObject = [
      "labels": ["env": "prod"],
      "facts": [
        "kubernetesVersion": "1.34", "networkPlugin": "azure", "networkPolicy": "calico", "networkDataplane": "azure",
        "minKernelVersion": "6.8",
      ],
    ]
    var created = web
    created["config"] = mode("NFTABLES")
    for (method, params) in [
      ("cluster.create", cluster("web", created)),
      ("cluster.create", cluster("npm", ["facts": ["networkPolicy": "azure", "kubernetesVersion": "1.34"]])),
      (
        "cluster.update", cluster("npm", ["config": mode("IPVS"), "override": ["POL-01"], "message": "a test cluster"])
      ),
      ("cluster.create", cluster("gone", ["config": mode("IPVS")])),
      ("cluster.delete", cluster("gone")),
      ("cluster.update", cluster("web", ["config": mode("IPVS"), "message": "to try it"])),
      ("cluster.rollback", cluster("web")),
    ] {
      let answer = try client.call(method, params)
      #expect(answer["seq"]?.intValue != nil, "\(method): \(answer.text)")
    }
    return daemon
  }

  @Test("each query returns the expected rows")
  func answers() throws {
    let daemon = try ledger()
    let me = try Programs.run("id", ["-un"], in: daemon.scratch).output.trimmingCharacters(in: .whitespacesAndNewlines)
    func rows(_ number: Int) throws -> [String] {
      try Programs.sqlite(try #require(Self.queries[number]), database: daemon.database, in: daemon.scratch)
    }
    #expect(Self.queries.count == 13)
    #expect(try rows(1) == ["11|\(me)|rg/web|to try it"])
    #expect(try rows(2) == [#"8|\#(me)|rg/npm|["POL-01"]|a test cluster"#])
    #expect(try rows(3) == ["rg|npm|RoundRobin||1.34"])
    let changed = try rows(4)
    #expect(changed.contains("8|rg/npm|mode|IPTABLES|IPVS"))
    #expect(changed.contains("12|rg/web|mode|IPVS|NFTABLES"))
    #expect(
      try rows(5) == [
        "6|cluster.create|1|\(me)|medium|", "11|cluster.update|2|\(me)|high|to try it",
        "12|cluster.rollback|3|\(me)|high|",
      ])
    #expect(try rows(6) == [#"3|{"mode":"NFTABLES"}"#])
    let findings = try rows(7)
    #expect(findings.first?.hasPrefix("MODE-01|high|will|") == true, "\(findings)")
    #expect(findings.contains { $0.hasPrefix("RST-01|medium|will|") })
    #expect(try rows(8) == ["11|rg/web|high|12"])
    #expect(try rows(9) == [#"rg|gone|\#(me)|{"mode":"IPVS"}"#])
    let gate = try rows(10)
    #expect(gate.count == 1)
    #expect(gate.first?.hasPrefix("Registered|1|2") == true && gate.first?.hasSuffix("Z|Registered") == true, "\(gate)")
    #expect(try rows(11).contains("\(me)|\(getuid())|10|3"))
    #expect(try rows(12) == ["1|1"])
    // ConfirmTests check the rows of this query where there are some.
    #expect(try rows(13).isEmpty)
  }

  @Test("a user with read permission only can run them, while the daemon runs and after it stopped")
  func readOnly() throws {
    let daemon = try ledger()
    #expect(chmod(daemon.scratch.path, 0o755) == 0)
    let query = ["-readonly", daemon.database, "SELECT count(*) FROM audit_log"]
    func ask() throws -> Finished {
      getuid() == 0
        ? try Programs.run(
          "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "sqlite3"] + query, in: daemon.scratch)
        : try Programs.run("sqlite3", query, in: daemon.scratch)
    }
    // A ledger is private until somebody shares it.
    if getuid() == 0 { #expect(try ask().status != 0) }
    for suffix in ["", "-wal", "-shm"] { #expect(chmod(daemon.database + suffix, 0o644) == 0) }
    #expect(try ask().output == "12\n")
    #expect(daemon.stop() == 0)
    let after = try ask()
    #expect(after.output == "12\n", "\(after.errors)")
  }

  @Test("the log and the revisions cannot be modified from the sqlite3 shell")
  func tamper() throws {
    let daemon = try ledger()
    #expect(daemon.stop() == 0)
    for sql in [
      "UPDATE change SET record = '{}' WHERE seq = 1", "DELETE FROM change WHERE seq = 12", "DELETE FROM revision",
      "UPDATE revision SET origin = 'create'",
      "INSERT OR REPLACE INTO change (seq, at, actor_uid, record) VALUES (1, '', 0, '{}')",
      "INSERT INTO change (seq, at, actor_uid, record) VALUES (99, '', 0, '{}')",
    ] {
      let finished = try Programs.run("sqlite3", ["-batch", daemon.database, sql], in: daemon.scratch)
      #expect(finished.status != 0, "\(sql)")
    }
    let count = try Programs.sqlite("SELECT count(*) FROM audit_log", database: daemon.database, in: daemon.scratch)
    #expect(count == ["12"])
  }
}
