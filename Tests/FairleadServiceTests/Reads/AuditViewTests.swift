// The audit views: the contract with readers of the database file.

import ExactJSON
import Testing

@Suite("Audit views")
struct AuditViewTests {
  let fixture: RegistryFixture
  /// The changes that created each cluster.
  let ipvs, plain, off, gone: Int
  /// The changes that came to `rg/gone` and `rg/ipvs` later.
  let deleted, toNFTables, newFacts, rolledBack: Int

  /// One cluster each: IPVS with timeouts, defaults, disabled, deleted.
  init() throws {
    fixture = try .ready()
    ipvs = try fixture.record(
      "cluster.create", "rg/ipvs",
      #"""
      {"config":{"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection","tcpTimeoutSeconds":7200,
      "tcpFinTimeoutSeconds":90,"udpTimeoutSeconds":60}},"facts":{"nodeCount":3},"message":"balance"}
      """#)
    plain = try fixture.record("cluster.create", "rg/plain")
    off = try fixture.record(
      "cluster.create", "rg/off", #"{"config":{"enabled":false},"facts":{"networkPlugin":"none"}}"#)
    gone = try fixture.record("cluster.create", "rg/gone")
    deleted = try fixture.record("cluster.delete", "rg/gone", #"{"requestId":"r-9"}"#, as: .bob)
    toNFTables = try fixture.record("cluster.update", "rg/ipvs", #"{"config":{"mode":"NFTABLES"}}"#)
    newFacts = try fixture.record("cluster.update", "rg/ipvs", #"{"facts":{"nodeCount":null,"usesNodePorts":true}}"#)
    rolledBack = try fixture.record("cluster.rollback", "rg/ipvs")
    try fixture.call("extension.set", "aks-preview", #"{"version":"9.0.0b1"}"#)
  }

  @Test(
    "Each view has at least the columns of its contract",
    arguments: [
      (
        "audit_log",
        """
        seq at method kind subject revision actor_uid actor_gid actor_pid actor_name message request_id verdict summary \
        overridden prev_hash hash
        """
      ),
      ("audit_finding", "seq rule severity certainty title detail source"),
      ("audit_diff", "seq path before after"),
      (
        "cluster_current",
        """
        resource_group name revision enabled mode scheduler tcp_timeout_seconds tcp_fin_timeout_seconds \
        udp_timeout_seconds facts updated_seq updated_at
        """
      ),
      (
        "cluster_history",
        "resource_group name revision base_revision origin config seq at actor_name message"
      ),
      ("feature_current", "key state since"), ("provider_current", "key state since"),
      ("extension_current", "key state since"),
    ])
  func columns(view: String, names: String) throws {
    let columns = try fixture.sql("SELECT name FROM pragma_table_info('\(view)')")
    #expect(Set(names.split(separator: " ").map(String.init)).subtracting(columns).isEmpty)
    _ = try fixture.sql("SELECT * FROM \(view)")
  }

  @Test("audit_log shows each change as the wire does")
  func log() throws {
    let changes = try fixture.call("change.list").items("items")
    let shown = try fixture.sql(
      """
      SELECT seq, at, method, kind, subject, revision, actor_uid, actor_gid, actor_pid, actor_name, message, request_id,
        verdict, summary, overridden FROM audit_log ORDER BY seq
      """)
    let expected = changes.map { change in
      let paths = [
        "seq", "at", "method", "kind", "subject", "revision", "actor.uid", "actor.gid", "actor.pid", "actor.name",
        "message", "requestId", "verdict", "summary", "overridden",
      ]
      return paths.map { path in
        switch change.at(path) {
        case nil, .null: ""
        case .string(let text): text
        case let value?: value.text
        }
      }.joined(separator: "|")
    }
    #expect(shown == expected)
    #expect(shown.count == fixture.lastSeq)
  }

  @Test("audit_finding has a row for each finding of each report, in its order, the standing ones marked")
  func findings() throws {
    var expected: [String] = []
    for seq in 1...fixture.lastSeq {
      for finding in try fixture.call("report.get", nil, "{\"seq\":\(seq)}").items("findings") {
        let texts = ["rule", "severity", "certainty", "title", "detail", "source"].map { finding.string($0) ?? "" }
        let standing = finding.bool("standing") == true ? 1 : 0
        expected.append("\(seq)|\(texts.joined(separator: "|"))|\(standing)")
      }
    }
    #expect(try fixture.sql("SELECT * FROM audit_finding") == expected)
    #expect(expected.contains { $0.hasSuffix("|1") } && expected.contains { $0.hasSuffix("|0") })
  }

  @Test("audit_diff has a row for each value that a change changed")
  func diffs() throws {
    #expect(
      try fixture.sql("SELECT path, before, after FROM audit_diff WHERE seq = \(toNFTables)") == [
        "mode|IPVS|NFTABLES", "ipvsConfig.scheduler|LeastConnection|", "ipvsConfig.tcpTimeoutSeconds|7200|",
        "ipvsConfig.tcpFinTimeoutSeconds|90|", "ipvsConfig.udpTimeoutSeconds|60|",
      ])
    #expect(
      try fixture.sql("SELECT path, before, after FROM audit_diff WHERE seq = \(newFacts)") == [
        "facts.nodeCount|3|", "facts.usesNodePorts||1",
      ])
    var count = 0
    for seq in 1...fixture.lastSeq {
      count += try fixture.call("report.get", nil, "{\"seq\":\(seq)}").items("diff").count
    }
    #expect(try fixture.sql("SELECT count(*) FROM audit_diff") == ["\(count)"])
  }

  @Test("cluster_current shows what is in effect, and no deleted cluster")
  func current() throws {
    #expect(
      try fixture.sql(
        """
        SELECT resource_group, name, revision, enabled, mode, scheduler, tcp_timeout_seconds, tcp_fin_timeout_seconds,
          udp_timeout_seconds, facts, updated_seq, updated_at FROM cluster_current ORDER BY name
        """) == [
          #"rg|ipvs|3|1|IPVS|LeastConnection|7200|90|60|{"usesNodePorts":true}|\#(rolledBack)|2026-11-18T11:06:40.000Z"#,
          #"rg|off|1|0||||||{"networkPlugin":"none"}|\#(off)|2026-11-18T11:06:40.000Z"#,
          "rg|plain|1|1|IPTABLES|||||{}|\(plain)|2026-11-18T11:06:40.000Z",
        ])
  }

  @Test("cluster_history has a row for each revision, the deleted cluster's too")
  func history() throws {
    #expect(
      try fixture.sql(
        """
        SELECT name, revision, base_revision, origin, seq, actor_name, message, restores FROM cluster_history
        ORDER BY name, revision
        """) == [
          "gone|1||create|\(gone)|alice||", "gone|2|1|delete|\(deleted)|bob||",
          "ipvs|1||create|\(ipvs)|alice|balance|", "ipvs|2|1|update|\(toNFTables)|alice||",
          "ipvs|3|2|rollback|\(rolledBack)|alice||1", "off|1||create|\(off)|alice||",
          "plain|1||create|\(plain)|alice||",
        ])
    #expect(try fixture.sql("SELECT config FROM cluster_history WHERE name = 'off'") == [#"{"enabled":false}"#])
  }

  @Test("feature_current, provider_current and extension_current show the registrations")
  func registrations() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(
      try fixture.sql("SELECT key, state, since FROM feature_current") == [
        "\(RegistryFixture.feature)|Unregistered|2026-11-18T11:06:40.000Z"
      ])
    #expect(
      try fixture.sql("SELECT key, state FROM provider_current") == ["\(RegistryFixture.provider)|Registered"])
    #expect(try fixture.sql("SELECT key, state FROM extension_current") == ["aks-preview|9.0.0b1"])
  }
}
