// `cluster.apply`: many changes in one transaction, either all or none, or those that are not refused.

import ExactJSON
import FairleadModel
import LedgerTestSupport
import Testing

@Suite("Applying many changes")
struct ApplyTests {
  let fixture: RegistryFixture
  /// The number that the test's first change gets.
  private var first: Int { fixture.firstSeq }

  init() throws { fixture = try Self.threeClusters() }

  /// Three clusters with the defaults.
  private static func threeClusters() throws -> RegistryFixture {
    let fixture = try RegistryFixture.ready()
    for name in ["a", "b", "c"] { try fixture.call("cluster.create", "rg/\(name)", #"{"facts":{"nodeCount":3}}"#) }
    fixture.endSetUp()
    return fixture
  }

  /// An entry of `changes`.
  static func change(_ verb: String, _ name: String, _ more: String = "") -> String {
    #"{"method":"cluster.\#(verb)","params":{"resourceGroup":"rg","name":"\#(name)"\#(more.isEmpty ? "" : ",\(more)")}}"#
  }

  static let nftables = #""config":{"mode":"NFTABLES"}"#

  /// Refused by ENV-01: Kubernetes 1.30 has no NFTABLES.
  static let blocked = #""config":{"mode":"NFTABLES"},"facts":{"kubernetesVersion":"1.30"}"#

  private func params(_ changes: [String], _ more: String = "") -> String {
    "{\"changes\":[\(changes.joined(separator: ","))]\(more.isEmpty ? "" : ",\(more)")}"
  }

  private func apply(_ changes: [String], _ more: String = "") throws -> JSON {
    try fixture.call("cluster.apply", nil, params(changes, more))
  }

  private func refuse(_ changes: [String], _ more: String = "") throws -> JSON {
    try fixture.refuse("cluster.apply", nil, params(changes, more))
  }

  // MARK: All or none

  @Test("Each recorded change is a change of its own: dense numbers, its own method, params and report")
  func recorded() throws {
    let answer = try apply(
      [
        Self.change("update", "a", Self.nftables), Self.change("delete", "b", #""message":"retired""#),
        Self.change("create", "d"), Self.change("update", "c", #""config":{}"#),
      ], #""message":"the fleet moves""#)
    #expect(answer.seq == first + 2)
    #expect(answer.bool("atomic") == true)
    #expect(answer.items("results").map { $0.int("outcome.seq") } == [first, first + 1, first + 2, nil])
    #expect(answer.items("results").map { $0.bool("unchanged") } == [nil, nil, nil, true])
    #expect(answer.items("results").map { $0.int("outcome.revision") } == [2, 2, 1, 1])
    #expect(answer.string("results.0.outcome.cluster.config.mode") == "NFTABLES")
    #expect(
      answer["totals"]?.text
        == #"{"changes":4,"recorded":3,"unchanged":1,"refused":0,"verdicts":{"high":1,"low":1,"none":1},"nodes":6}"#)
    #expect(
      try fixture.auditLog("seq, method, subject, message") == [
        "\(first)|cluster.update|rg/a|the fleet moves", "\(first + 1)|cluster.delete|rg/b|retired",
        "\(first + 2)|cluster.create|rg/d|the fleet moves",
      ])
    #expect(
      try fixture.sql("SELECT json_extract(record, '$.params') FROM change WHERE seq = \(first)") == [
        #"{"config":{"mode":"NFTABLES"},"name":"a","resourceGroup":"rg"}"#
      ])
    let report = try fixture.call("report.get", nil, "{\"seq\":\(first)}")
    #expect(report == answer.at("results.0.outcome.report"))
  }

  @Test("A change in an apply answers what it would answer alone")
  func sameAsAlone() throws {
    let other = try Self.threeClusters()
    let alone = try other.call("cluster.update", "rg/a", "{\(Self.nftables)}")
    #expect(try apply([Self.change("update", "a", Self.nftables)]).at("results.0.outcome") == alone)
    #expect(try other.tables() == fixture.tables())
  }

  @Test("If one change is refused none is recorded, and the error says which and how many")
  func allOrNone() throws {
    let tables = try fixture.tables()
    let error = try refuse([
      Self.change("update", "a", Self.nftables),
      Self.change("update", "b", #""config":{"mode":"IPVS"},"ifRevision":7"#),
      Self.change("update", "c", Self.blocked), Self.change("delete", "none"),
    ])
    #expect(try fixture.tables() == tables)
    #expect(error.kind == "not-found")
    #expect(
      error.message
        == "cannot apply 4 changes, and recorded nothing: 3 of them are refused, first rg/none: cannot delete rg/none: "
        + "there is no such cluster; cluster.list shows those that exist")
    #expect(error.int("data.index") == 3)
    #expect(error.items("data.results").map { $0.int("index") } == [3, 2, 1])
    #expect(error.items("data.results").map { $0.string("subject") } == ["rg/none", "rg/c", "rg/b"])
    #expect(error.strings("data.results").isEmpty)
    #expect(error.string("data.results.2.message")?.contains("revision 1, not 7") == true)
  }

  @Test("The error has the report of a blocked change, and the path of a conflict within the request")
  func typedDetail() throws {
    let error = try refuse([Self.change("update", "a", Self.blocked), Self.change("update", "b", Self.nftables)])
    #expect(error.kind == "blocked")
    #expect(error.string("data.report.subject") == "rg/a")
    let conflict = try refuse([Self.change("update", "b", Self.nftables), Self.change("delete", "a", #""ifSeq":1"#)])
    #expect(conflict.kind == "conflict")
    #expect(conflict.string("data.path") == "changes[1].params.ifSeq")
  }

  @Test("The list of refused changes is limited, and their number is exact")
  func bounded() throws {
    let changes = (1...150).map { Self.change("delete", "n\($0)") }
    let error = try refuse(changes)
    #expect(error.items("data.results").count == Limits.applyRefusals)
    #expect(error.message.contains("150 of them are refused, first rg/n1:"))
  }

  @Test("The message about a single refused change is in the singular")
  func one() throws {
    #expect(
      try refuse([Self.change("delete", "none")]).message.hasPrefix(
        "cannot apply 1 change, and recorded nothing: 1 of them is refused, rg/none: cannot delete"))
  }

  // MARK: Without atomic

  @Test("Without atomic the changes that are not refused are recorded, and a refused one leaves nothing")
  func withoutAtomic() throws {
    let before = try fixture.call("cluster.get", "rg/b").text
    let answer = try apply(
      [
        Self.change("update", "a", Self.nftables), Self.change("update", "b", Self.blocked),
        Self.change("update", "c", Self.nftables), Self.change("rollback", "none"),
      ], #""atomic":false"#)
    #expect(answer.seq == first + 1)
    #expect(answer.items("results").map { $0.int("outcome.seq") } == [first, nil, first + 1, nil])
    #expect(answer.string("results.1.error.data.kind") == "blocked")
    #expect(answer.string("results.1.error.data.report.subject") == "rg/b")
    #expect(answer.string("results.3.error.data.kind") == "not-found")
    #expect(answer.int("totals.recorded") == 2)
    #expect(answer.int("totals.refused") == 2)
    #expect(try fixture.call("cluster.get", "rg/b").text == before)
    #expect(fixture.lastSeq == first + 1)
  }

  @Test("Without atomic the answer is a result even if every change is refused")
  func allRefused() throws {
    let answer = try apply([Self.change("delete", "none")], #""atomic":false"#)
    #expect(answer["seq"] == .null)
    #expect(answer.int("totals.refused") == 1)
    #expect(fixture.lastSeq == first - 1)
  }

  @Test("All changes see the same gates, and due registrations settle once, before the first change")
  func gates() throws {
    try fixture.reopen(settle: 30)
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let closed = try refuse([Self.change("update", "a", Self.nftables), Self.change("update", "b", Self.nftables)])
    #expect(closed.kind == "prerequisite")
    #expect(closed.message.contains("2 of them are refused"))
    fixture.clock.advance(31)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(31)
    try fixture.settle()
    try fixture.call("provider.register", RegistryFixture.provider)
    fixture.clock.advance(31)
    let head = fixture.lastSeq
    let answer = try apply([Self.change("update", "a", Self.nftables), Self.change("update", "b", Self.nftables)])
    #expect(
      try fixture.sql("SELECT seq, method FROM audit_log WHERE seq > \(head)") == [
        "\(head + 1)|provider.settle", "\(head + 2)|cluster.update", "\(head + 3)|cluster.update",
      ])
    #expect(answer.seq == head + 3)
  }

  @Test(
    "A database error in the middle leaves no change recorded, also without atomic",
    arguments: [true, false])
  func failsInTheMiddle(atomic: Bool) throws {
    // The number of the next revision is taken.
    try execute(
      fixture.path,
      """
      INSERT INTO revision SELECT cluster_key, revision + 1, revision, 'update', config, NULL, seq FROM revision
      WHERE cluster_key = 'default/rg/b' ORDER BY revision DESC LIMIT 1
      """)
    let tables = try fixture.tables()
    do {
      let changes = ["a", "b", "c"].map { Self.change("update", $0, Self.nftables) }
      _ = try ask(fixture.registry, "cluster.apply", nil, params(changes, "\"atomic\":\(atomic)"))
      Issue.record("not refused")
    } catch let refusal as Refusal {
      guard refusal.code == .internal else {
        Issue.record("\(refusal)")
        return
      }
    }
    #expect(fixture.log.takeLines().count == 1)
    #expect(try fixture.tables() == tables)
  }

  // MARK: Plans

  @Test("A dry run plans every change, refused ones too, and records nothing")
  func dryRun() throws {
    let tables = try fixture.tables()
    let answer = try apply(
      [
        Self.change("update", "a", Self.nftables), Self.change("update", "b", Self.blocked),
        Self.change("update", "c", #""config":{}"#), Self.change("delete", "none"),
        Self.change("delete", "d", #""ifRevision":3"#),
      ], #""dryRun":true"#)
    #expect(try fixture.tables() == tables)
    #expect(answer["seq"] == .null)
    #expect(
      answer.items("results").map { $0.string("outcome.report.verdict") } == ["high", "blocked", "none", nil, nil])
    #expect(answer.items("results").map { $0.string("error.data.kind") } == [nil, nil, nil, "not-found", "not-found"])
    #expect(answer.items("results").map { $0.bool("unchanged") } == [nil, nil, true, nil, nil])
    #expect(answer.int("totals.refused") == 3)
    #expect(answer.int("totals.recorded") == 0)
    #expect(answer.at("totals.verdicts")?.text == #"{"blocked":1,"high":1}"#)
    let alone = try fixture.call("cluster.update", "rg/a", "{\(Self.nftables),\"dryRun\":true}")
    #expect(answer.at("results.0.outcome") == alone)
  }

  @Test("detail summary has the members that a fleet's report needs, and no others")
  func summary() throws {
    let answer = try apply(
      [Self.change("update", "a", Self.nftables), Self.change("update", "b", Self.blocked)],
      #""dryRun":true,"detail":"summary""#)
    let first = try #require(answer.at("results.0.outcome"))
    #expect(
      first.objectValue?.keys == [
        "seq", "revision", "verdict", "summary", "findings", "unknown", "nodes", "planDigest", "rollback",
      ])
    #expect(first.string("verdict") == "high")
    #expect(first.int("nodes") == 3)
    #expect(answer.string("results.1.outcome.refusal.kind") == "blocked")
    #expect(answer.items("results.1.outcome.refusal.by") == ["ENV-01"])
    let error = try apply([Self.change("update", "b", Self.blocked)], #""atomic":false,"detail":"summary""#)
    #expect(error.at("results.0.error.data")?.objectValue?.keys.contains("report") == false)
    #expect(error.string("results.0.error.data.kind") == "blocked")
  }

  @Test("The digests of a dry run commit what was planned, and a stale digest refuses all changes")
  func digests() throws {
    let plan = try apply(
      ["a", "b", "c"].map { Self.change("update", $0, Self.nftables) }, #""dryRun":true,"detail":"summary""#)
    let digests = plan.items("results").map { $0.string("outcome.planDigest") ?? "" }
    let pinned = zip(["a", "b", "c"], digests).map {
      Self.change("update", $0, "\(Self.nftables),\"planDigest\":\"\($1)\"")
    }
    try fixture.call("cluster.update", "rg/b", #"{"labels":{"moved":"yes"}}"#)
    let stale = try refuse(pinned)
    #expect(stale.kind == "plan-stale")
    #expect(stale.items("data.moved") == ["cluster"])
    #expect(stale.int("data.index") == 1)
    #expect(fixture.lastSeq == first)
    let rest = try apply(pinned, #""atomic":false"#)
    #expect(rest.items("results").map { $0.int("outcome.seq") } == [first + 1, nil, first + 2])
    #expect(rest.string("results.1.error.data.kind") == "plan-stale")
  }

  @Test("An override with the shared message is recorded with the change that it lets through")
  func override() throws {
    let change = Self.change("update", "a", "\(Self.blocked),\"override\":[\"ENV-01\"]")
    #expect(try refuse([change]).kind == "invalid-params")
    let answer = try apply([change], #""message":"tested in staging","detail":"summary""#)
    #expect(answer.at("results.0.outcome.overridden")?.text == #"["ENV-01"]"#)
    #expect(try fixture.auditLog("overridden, message") == [#"["ENV-01"]|tested in staging"#])
  }

  // MARK: Idempotency

  @Test(
    "A repeated apply with its requestId gets a byte-identical result, also later and after a restart",
    arguments: [("true", "full"), ("false", "full"), ("false", "summary")])
  func repeated(atomic: String, detail: String) throws {
    var changes = [
      Self.change("update", "c", #""config":{}"#), Self.change("update", "a", Self.nftables),
      Self.change("create", "d", #""labels":{"a":"ü"}"#),
    ]
    if atomic == "false" {
      changes.insert(Self.change("update", "b", Self.blocked), at: 2)
      changes.append(Self.change("delete", "none"))
    }
    let more = #""requestId":"fleet-1","message":null,"atomic":\#(atomic),"detail":"\#(detail)""#
    let first = try apply(changes, more).text
    let tables = try fixture.tables()
    fixture.clock.advance(3600)
    #expect(try apply(changes, more).text == first)
    try fixture.reopen()
    #expect(try apply(changes, more).text == first)
    #expect(try fixture.tables() == tables)
    try fixture.call("cluster.delete", "rg/a")
    #expect(try apply(changes, more).text == first)
  }

  @Test("The answer to a repeated apply is put together from any number of changes, refused ones among them")
  func repeatedLong() throws {
    var changes = (0..<215).map { Self.change("create", "new\($0)") }
    for place in [0, 99, 100, 101, 217] { changes.insert(Self.change("delete", "none\(place)"), at: place) }
    let more = #""requestId":"fleet-1","atomic":false,"detail":"summary""#
    let first = try apply(changes, more)
    #expect(first.seq == fixture.lastSeq && first.int("totals.recorded") == 215)
    #expect(try apply(changes, more).text == first.text)
  }

  @Test("The requestId of an apply is refused for another apply and for one of its changes alone")
  func reused() throws {
    let changes = [Self.change("update", "a", Self.nftables), Self.change("update", "b", Self.nftables)]
    let last = try #require(try apply(changes, #""requestId":"k""#).seq)
    #expect(try refuse(changes, #""requestId":"k","atomic":false"#).kind == "request-id-reused")
    #expect(try refuse([changes[0]], #""requestId":"k""#).kind == "request-id-reused")
    #expect(
      try fixture.refuse("cluster.update", "rg/b", "{\(Self.nftables),\"requestId\":\"k\"}").kind == "request-id-reused"
    )
    try fixture.call("cluster.update", "rg/c", "{\(Self.nftables),\"requestId\":\"single\"}")
    #expect(
      try refuse([Self.change("update", "c", Self.nftables)], #""requestId":"single""#).kind == "request-id-reused")
    #expect(try fixture.sql("SELECT seq FROM audit_log WHERE request_id = 'k'") == ["\(last)"])
  }

  @Test("An apply with new digests is the same request, and a refused apply runs again")
  func digestsDoNotCount() throws {
    _ = try refuse([Self.change("update", "a", Self.blocked)], #""requestId":"k""#)
    let plan = try fixture.call("cluster.update", "rg/a", "{\(Self.nftables),\"dryRun\":true}")
    let digest = try #require(plan.string("report.planDigest"))
    let pinned = [Self.change("update", "a", "\(Self.nftables),\"planDigest\":\"\(digest)\"")]
    let answer = try apply(pinned, #""requestId":"k""#)
    #expect(try apply([Self.change("update", "a", Self.nftables)], #""requestId":"k""#).text == answer.text)
    #expect(answer.seq == fixture.lastSeq && fixture.lastSeq == first)
  }

  // MARK: Invalid requests

  @Test(
    "An invalid change is refused at its path within the request",
    arguments: [
      ("{}", "changes"), (#"{"changes":[]}"#, "changes"), (#"{"changes":{}}"#, "changes"),
      (#"{"changes":[7]}"#, "changes[0]"), (#"{"changes":[{"method":"cluster.delete"}]}"#, "changes[0].params"),
      (#"{"changes":[{"method":"cluster.get","params":{}}]}"#, "changes[0].method"),
      (#"{"changes":[{"method":"feature.register","params":{}}]}"#, "changes[0].method"),
      (#"{"changes":[{"method":"cluster.apply","params":{}}]}"#, "changes[0].method"),
      (#"{"changes":[{"method":"cluster.delete","params":{},"x":1}]}"#, "changes[0].x"),
      (
        "{\"changes\":[\(change("delete", "a")),\(change("update", "b", #""config":{"mode":"IPV"}"#))]}",
        "changes[1].params.config.mode"
      ),
      ("{\"changes\":[\(change("delete", "a", #""dryRun":true"#))]}", "changes[0].params.dryRun"),
      ("{\"changes\":[\(change("delete", "a", #""requestId":"k""#))]}", "changes[0].params.requestId"),
      ("{\"changes\":[\(change("delete", "a", #""ifRevison":1"#))]}", "changes[0].params.ifRevison"),
      ("{\"changes\":[\(change("delete", "a", #""ifRevision":null"#))]}", "changes[0].params.ifRevision"),
      ("{\"changes\":[\(change("delete", "a"))],\"atomic\":null}", "atomic"),
      ("{\"changes\":[\(change("delete", "a"))],\"detail\":\"some\"}", "detail"),
      ("{\"changes\":[\(change("delete", "a"))],\"ifSeq\":1}", "ifSeq"),
    ])
  func malformed(params: String, path: String) throws {
    let tables = try fixture.tables()
    let error = try fixture.refuse("cluster.apply", nil, params)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == path)
    #expect(try fixture.tables() == tables)
  }

  @Test("Two changes of one cluster are refused with both paths, also if the case of the name differs")
  func twice() throws {
    let error = try refuse([
      Self.change("update", "a", Self.nftables), Self.change("delete", "b"), Self.change("delete", "A"),
    ])
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "changes[2].params.name")
    #expect(error.message.contains("changes[0] and changes[2]"))
  }

  @Test("More changes than the limit are refused before any is decoded")
  func tooMany() throws {
    let change = Self.change("delete", "a")
    let error = try refuse([String](repeating: change, count: Limits.applyChanges + 1))
    #expect(error.string("data.path") == "changes")
    #expect(error.message.contains("10001 changes: it takes 1 to 10000"))
  }

  @Test("Whole reports are refused for more changes than their limit, with what to ask for instead")
  func tooManyReports() throws {
    let changes = (0...Limits.applyReports).map { Self.change("create", "new\($0)") }
    for detail in ["", #""detail":"full""#, #""detail":"full","dryRun":true"#] {
      let error = try refuse(changes, detail)
      #expect(error.kind == "too-large")
      #expect(error.int("data.limit") == 1000)
      #expect(error.message.contains(#"send detail: "summary""#))
    }
    #expect(fixture.lastSeq == first - 1)
    #expect(try apply(changes, #""detail":"summary""#).int("totals.recorded") == 1001)
  }
}
