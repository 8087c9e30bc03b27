// `dryRun` and `planDigest`: a change with a digest is recorded exactly as planned, or refused.

import ExactJSON
import Testing

@Suite("Plans and their digests")
struct PlanDigestTests {
  let fixture: RegistryFixture
  /// The number of the change that created `rg/web`, the last one of the set-up.
  let created: Int

  init() throws {
    fixture = try .ready()
    created = try fixture.record("cluster.create", "rg/web")
  }

  private static let config = #""config":{"mode":"IPVS"}"#

  /// The digest of a plan.
  private func plan(
    _ method: String = "cluster.update", _ subject: String = "rg/web", _ params: String = config
  ) throws -> String {
    let comma = params.isEmpty ? "" : ","
    return try fixture.call(method, subject, "{\(params)\(comma)\"dryRun\":true}").string("report.planDigest") ?? ""
  }

  private func commit(_ digest: String, _ params: String = config) -> String {
    let comma = params.isEmpty ? "" : ","
    return "{\(params)\(comma)\"planDigest\":\"\(digest)\"}"
  }

  /// The parts that changed, from the refusal of a stale digest.
  private func moved(
    _ digest: String, _ method: String = "cluster.update", _ subject: String = "rg/web", _ params: String = config
  ) throws -> [String] {
    let error = try fixture.refuse(method, subject, commit(digest, params))
    #expect(error.kind == "plan-stale")
    #expect(error.message.contains("plan again"))
    return error.strings("data.moved")
  }

  @Test("A dry run commits nothing, and answers the report with a digest and no number")
  func dryRun() throws {
    let tables = try fixture.tables()
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    #expect(answer["seq"] == .null)
    #expect(answer.at("report.seq") == nil)
    #expect(answer.string("report.planDigest")?.hasPrefix("v1.") == true)
    #expect(answer.int("revision") == 2)
    #expect(answer.string("cluster.config.mode") == "IPVS")
    #expect(try fixture.tables() == tables)
    #expect(try fixture.call("cluster.get", "rg/web").int("revision") == 1)
  }

  @Test("The answers to a plan and to its commit are equal except for number and digest")
  func samePlan() throws {
    func stripped(_ answer: JSON) -> [String] {
      answer["report"]?.objectValue?.members.filter { !["seq", "planDigest"].contains($0.key) }
        .map { "\($0.key) \($0.value.text)" } ?? []
    }
    let planned = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    let committed = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    #expect(stripped(planned) == stripped(committed))
    #expect(planned["cluster"] == committed["cluster"])
  }

  @Test("A dry run of a change that would be refused has a report that says why")
  func refusedPlan() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let answer = try fixture.call(
      "cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"},"dryRun":true}"#)
    #expect(answer.verdict == "blocked")
    #expect(answer.items("report.prerequisites").contains { $0.bool("met") == false })
  }

  @Test("A dry run of a malformed request, a missing cluster or a conflict is an error")
  func errors() throws {
    #expect(try fixture.refuse("cluster.update", "rg/web", #"{"config":7,"dryRun":true}"#).kind == "invalid-params")
    #expect(try fixture.refuse("cluster.update", "rg/api", #"{"dryRun":true}"#).kind == "not-found")
    #expect(try fixture.refuse("cluster.update", "rg/web", #"{"ifSeq":1,"dryRun":true}"#).kind == "conflict")
    #expect(try fixture.refuse("cluster.create", "rg/web", #"{"dryRun":true}"#).kind == "already-exists")
  }

  @Test("A commit with the digest records what was planned")
  func commits() throws {
    #expect(try fixture.call("cluster.update", "rg/web", commit(try plan())).int("revision") == 2)
  }

  @Test(
    "Every change can be planned and committed by its digest",
    arguments: [
      ("cluster.create", "rg/api", ""), ("cluster.delete", "rg/web", ""),
      ("feature.unregister", RegistryFixture.feature, ""), ("provider.unregister", RegistryFixture.provider, ""),
      ("feature.register", "Microsoft.Compute/Fast", ""), ("provider.register", "Microsoft.Compute", ""),
      ("extension.set", "aks-preview", #""version":"1.0""#),
    ])
  func every(method: String, subject: String, params: String) throws {
    let digest = try plan(method, subject, params)
    #expect(fixture.lastSeq == created)
    #expect(try fixture.call(method, subject, commit(digest, params)).seq == created + 1)
  }

  @Test("A digest stays valid while nothing that the plan depends on changes")
  func holds() throws {
    let digest = try plan()
    try fixture.call("cluster.create", "rg/api")
    try fixture.call("feature.register", "Microsoft.Compute/Fast")
    try fixture.call("extension.set", "aks-preview")
    fixture.clock.advance(86_400)
    try fixture.reopen()
    #expect(try fixture.call("cluster.update", "rg/web", commit(digest)).int("revision") == 2)
  }

  @Test("It is stale after a change of the cluster's configuration")
  func clusterMoved() throws {
    let digest = try plan()
    try fixture.call("cluster.update", "rg/web", #"{"config":{"enabled":true}}"#)
    #expect(try moved(digest) == ["cluster"])
  }

  @Test("It is stale after a change of the cluster's facts")
  func factsMoved() throws {
    let digest = try plan()
    try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":3}}"#)
    #expect(try moved(digest) == ["cluster"])
  }

  @Test("It is stale after changes of the feature and the provider, even if the gates are open again")
  func registrationsMoved() throws {
    let digest = try plan()
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try moved(digest) == ["feature"])
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try moved(digest) == ["feature", "provider"])
  }

  @Test(
    "It is stale for another request",
    arguments: [
      #""config":{"mode":"NFTABLES"}"#, #""config":{"mode":"IPVS"},"facts":{"nodeCount":3}"#,
      #""config":{"mode":"IPVS"},"apiVersion":"2025-09-02-preview""#,
    ])
  func paramsMoved(params: String) throws {
    #expect(try moved(try plan(), "cluster.update", "rg/web", params) == ["params"])
  }

  @Test("It is stale for another method, and for another cluster in the same state")
  func subjectMoved() throws {
    let create = try plan("cluster.create", "rg/api", "")
    #expect(try moved(create, "cluster.create", "rg/job", "") == ["params"])
    let delete = try plan("cluster.delete", "rg/web", "")
    #expect(try moved(delete, "cluster.rollback", "rg/web", #""toRevision":1"#) == ["params"])
  }

  @Test("The order of the params does not change it")
  func canonical() throws {
    let digest = try plan("cluster.update", "rg/web", #""config":{"mode":"IPVS","enabled":true},"labels":{"a":"1"}"#)
    let other = try plan("cluster.update", "rg/web", #""labels":{"a":"1"},"config":{"enabled":true,"mode":"IPVS"}"#)
    #expect(digest == other)
  }

  @Test("message, requestId and guards may differ between plan and commit")
  func executionParameters() throws {
    let digest = try plan()
    let params = commit(digest, Self.config + #","message":"go","requestId":"r-1","ifRevision":1,"ifSeq":\#(created)"#)
    #expect(try fixture.call("cluster.update", "rg/web", params).int("revision") == 2)
  }

  @Test("A dry run with a stale digest answers the current digest")
  func replanned() throws {
    let digest = try plan()
    let again = commit(digest, Self.config + #","dryRun":true"#)
    #expect(try fixture.call("cluster.update", "rg/web", again).string("report.planDigest") == digest)
    try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":3}}"#)
    let fresh = try fixture.call("cluster.update", "rg/web", again).string("report.planDigest") ?? ""
    #expect(fresh != digest)
    #expect(try fixture.call("cluster.update", "rg/web", commit(fresh)).int("revision") == 2)
  }

  @Test("A committed plan cannot be committed twice")
  func twice() throws {
    let digest = try plan()
    try fixture.call("cluster.update", "rg/web", commit(digest))
    #expect(try moved(digest) == ["cluster"])
  }

  @Test("Committing a refused plan by its digest is refused for the plan's reason, not as stale")
  func refused() throws {
    let params = #""config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"}"#
    let digest = try plan("cluster.update", "rg/web", params)
    #expect(try fixture.refuse("cluster.update", "rg/web", commit(digest, params)).kind == "blocked")
  }

  @Test(
    "A malformed digest is an invalid parameter, not stale",
    arguments: ["", "v1", "v2.0.0.0.0.0", "v1.x.5.2.4.y", "v1.000000000000000000000000.5.2.x.00000000", "🙂"])
  func malformed(text: String) throws {
    let error = try fixture.refuse("cluster.update", "rg/web", commit(text))
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "planDigest")
  }

  @Test("The refusal of a stale plan lists the changes since the plan, the last five in order")
  func shown() throws {
    let digest = try plan()
    for count in 1...7 {
      try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":\#(count)},"message":"step \#(count)"}"#)
    }
    let error = try fixture.refuse("cluster.update", "rg/web", commit(digest))
    #expect(error.items("data.changes").compactMap { $0.string("message") } == (3...7).map { "step \($0)" })
    #expect(error.items("data.changes").allSatisfy { $0.string("actor.name") == "alice" && $0.at("report") == nil })
  }

  @Test("Changes of a gate's registrations are listed too")
  func gateShown() throws {
    let digest = try plan()
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let error = try fixture.refuse("cluster.update", "rg/web", commit(digest))
    #expect(error.strings("data.moved") == ["feature"])
    #expect(error.items("data.changes").compactMap { $0.string("kind") } == ["feature"])
  }

  @Test("A digest from a registry with a longer log is refused as not this registry's")
  func ahead() throws {
    let parts = try plan().split(separator: ".")
    let digest = "v1.\(parts[1]).999.\(parts[3]).\(parts[4]).\(parts[5])"
    let error = try fixture.refuse("cluster.update", "rg/web", commit(digest))
    #expect(error.kind == "invalid-params")
    #expect(error.message.contains("change 999"))
  }
}
