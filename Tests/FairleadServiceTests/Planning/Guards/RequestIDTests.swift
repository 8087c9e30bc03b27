// `requestId`: a repeated request gets the answer of the first one, and records nothing.

import ExactJSON
import Testing

@Suite("Idempotency keys")
struct RequestIDTests {
  let fixture: RegistryFixture
  /// The number of the change that created `rg/web`.
  let created: Int

  init() throws {
    fixture = try .ready()
    created = try fixture.record("cluster.create", "rg/web")
  }

  /// A placeholder in a request's params for the number of the change that settled the registrations.
  private static let settled = "SETTLED"

  /// One request of each kind, with a requestId.
  static let requests = [
    (
      "cluster.create", "rg/api",
      #""config":{"mode":"IPVS"},"facts":{"kubernetesVersion":"1.33.02","networkPlugin":"azure"},"message":"why ü\n""#
    ),
    (
      "cluster.update", "rg/web", #""config":{"mode":"IPVS","ipvsConfig":{"TCPTimeoutSeconds":900}},"labels":{"a":"1"}"#
    ),
    ("cluster.update", "rg/web", #""facts":{"nodeCount":3}"#),
    (
      "cluster.update", "rg/web",
      #""config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"},"override":["POL-01"],"message":"why""#
    ),
    ("cluster.delete", "rg/web", #""message":"retired""#),
    ("feature.register", "Microsoft.Compute/Fast", #""message":null"#),
    ("feature.unregister", RegistryFixture.feature, "\"ifSeq\":\(settled)"),
    ("provider.register", "Microsoft.Compute", ""),
    ("provider.unregister", RegistryFixture.provider, ""),
    ("extension.set", "aks-preview", #""version":"1.0""#),
  ]

  private func keyed(_ params: String, _ key: String = "key-1") -> String {
    params.isEmpty ? "{\"requestId\":\"\(key)\"}" : "{\(params),\"requestId\":\"\(key)\"}"
  }

  @Test("A repeated request gets a byte-identical result, also later and after a restart", arguments: requests)
  func same(method: String, subject: String, params: String) throws {
    let params = keyed(params.replacing(Self.settled, with: "\(try fixture.lastSeq(of: "provider.settle"))"))
    let first = try fixture.call(method, subject, params).text
    let tables = try fixture.tables()
    fixture.clock.advance(3600)
    #expect(try fixture.call(method, subject, params).text == first)
    try fixture.reopen(settle: 60)
    #expect(try fixture.call(method, subject, params).text == first)
    #expect(try fixture.tables() == tables)
  }

  @Test("A request that looks the same and has other bytes is another request")
  func otherBytes() throws {
    func labels(_ owner: String) -> String { keyed("\"labels\":{\"owner\":\"\(owner)\"}", "r1") }
    let first = try fixture.call("cluster.update", "rg/web", labels("Jos\u{E9}"))
    #expect(try fixture.refuse("cluster.update", "rg/web", labels("Jose\u{301}")).kind == "request-id-reused")
    // As many bytes as the other spelling has, and for Swift the same text.
    try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"unit":"\u212B"}"#, "r2"))
    #expect(
      try fixture.refuse("cluster.update", "rg/web", keyed(#""labels":{"unit":"A\u030A"}"#, "r2")).kind
        == "request-id-reused")
    #expect(try fixture.call("cluster.update", "rg/web", labels("Jos\u{E9}")).text == first.text)
  }

  @Test("It gets the answer of its time, although the registry has changed since", arguments: [0, 60])
  func moved(settle: Int) throws {
    try fixture.reopen(settle: settle)
    let update = keyed(#""config":{"mode":"IPVS"},"ifRevision":1"#, "u")
    let register = keyed("", "r")
    let first = try fixture.call("cluster.update", "rg/web", update).text
    let registered = try fixture.call("feature.register", "Microsoft.Compute/Fast", register).text
    #expect(registered.contains(settle == 0 ? #""state":"Registered""# : #""state":"Registering""#))
    try fixture.settle(after: 120)
    try fixture.call("cluster.delete", "rg/web")
    try fixture.call("feature.unregister", "Microsoft.Compute/Fast")
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try fixture.call("cluster.update", "rg/web", update).text == first)
    #expect(try fixture.call("feature.register", "Microsoft.Compute/Fast", register).text == registered)
  }

  @Test("The order of the params does not matter")
  func canonical() throws {
    let first = try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"1","b":"2"},"requestId":"k"}"#)
    let again = try fixture.call("cluster.update", "rg/web", #"{"requestId":"k","labels":{"b":"2","a":"1"}}"#)
    #expect(first.text == again.text)
  }

  @Test("The requestId of a rollback works like the others")
  func rollback() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    let first = try fixture.call("cluster.rollback", "rg/web", keyed(""))
    #expect(try fixture.call("cluster.rollback", "rg/web", keyed("")).text == first.text)
    #expect(try fixture.call("cluster.get", "rg/web").int("revision") == 3)
  }

  @Test("A requestId with other params or another method is refused, and the message names its change")
  func others() throws {
    let first = try fixture.record("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#))
    let error = try fixture.refuse("cluster.update", "rg/web", keyed(#""labels":{"a":"2"}"#))
    #expect(error.kind == "request-id-reused")
    #expect(error.int("code") == -32011)
    #expect(error.message.contains("key-1") && error.message.contains("change \(first)"))
    #expect(try fixture.refuse("cluster.delete", "rg/web", keyed("")).kind == "request-id-reused")
    #expect(try fixture.refuse("extension.set", "aks-preview", keyed("")).kind == "request-id-reused")
  }

  @Test("Each uid has its own requestIds")
  func scope() throws {
    let alices = try fixture.record("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#), as: .alice)
    let bobs = try fixture.record("cluster.update", "rg/web", keyed(#""labels":{"a":"2"}"#), as: .bob)
    #expect(bobs == alices + 1)
  }

  @Test("The requestId of a refused request stays free, and the request runs again")
  func refused() throws {
    let params = keyed(#""config":{"mode":"IPVS"}"#)
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try fixture.refuse("cluster.update", "rg/web", params).kind == "prerequisite")
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try fixture.call("cluster.update", "rg/web", params).int("revision") == 2)
  }

  @Test("The requestId of a request that recorded nothing stays free")
  func nothing() throws {
    #expect(try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":null}"#))["seq"] == .null)
    let labelled = try fixture.record("cluster.update", "rg/web", #"{"labels":{"a":"1"}}"#)
    #expect(try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":null}"#)).seq == labelled + 1)
  }

  @Test("A dry run neither uses up its requestId nor is answered from it")
  func dryRun() throws {
    let plan = keyed(#""labels":{"a":"1"},"dryRun":true"#)
    #expect(try fixture.call("cluster.update", "rg/web", plan)["seq"] == .null)
    #expect(try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#)).seq == created + 1)
    let again = try fixture.call("cluster.update", "rg/web", plan)
    #expect(again["seq"] == .null)
    #expect(again.string("report.summary")?.hasSuffix("nothing to record") == true)
  }

  @Test("A repeated request is answered before every other check, also with a stale digest or guard")
  func beforeChecks() throws {
    let digest =
      try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
      .string("report.planDigest") ?? ""
    let params = keyed("\"config\":{\"mode\":\"IPVS\"},\"planDigest\":\"\(digest)\",\"ifSeq\":\(created)")
    let first = try fixture.call("cluster.update", "rg/web", params)
    #expect(try fixture.call("cluster.update", "rg/web", params).text == first.text)
  }

  @Test("A repeated request may carry the digest of a new plan")
  func newDigest() throws {
    func planned() throws -> String {
      let plan = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
      return keyed("\"config\":{\"mode\":\"IPVS\"},\"planDigest\":\"\(plan.string("report.planDigest") ?? "")\"")
    }
    let first = try fixture.call("cluster.update", "rg/web", try planned())
    #expect(try fixture.call("cluster.update", "rg/web", try planned()).text == first.text)
  }

  @Test("The requestId is recorded in the change and shown in audit_log")
  func audited() throws {
    let seq = try fixture.record("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#))
    #expect(try fixture.call("change.get", nil, "{\"seq\":\(seq)}").string("requestId") == "key-1")
    #expect(try fixture.sql("SELECT seq, request_id FROM audit_log WHERE request_id IS NOT NULL") == ["\(seq)|key-1"])
  }

  @Test(
    "A requestId is 1 to 128 bytes of printable text", arguments: ["", String(repeating: "k", count: 129), "a\\u0000b"])
  func malformed(key: String) throws {
    let error = try fixture.refuse("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#, key))
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "requestId")
  }
}
