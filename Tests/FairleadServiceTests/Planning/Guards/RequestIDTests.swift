// `requestId`: a request that is sent again answers what it answered, and does nothing.

import ExactJSON
import Testing

@Suite("Idempotency keys")
struct RequestIDTests {
  let fixture: RegistryFixture

  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web")
  }

  /// One request of each kind, with a key.
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
    ("feature.unregister", RegistryFixture.feature, #""ifSeq":4"#),
    ("provider.register", "Microsoft.Compute", ""),
    ("provider.unregister", RegistryFixture.provider, ""),
    ("extension.set", "aks-preview", #""version":"1.0""#),
  ]

  private func keyed(_ params: String, _ key: String = "key-1") -> String {
    params.isEmpty ? "{\"requestId\":\"\(key)\"}" : "{\(params),\"requestId\":\"\(key)\"}"
  }

  @Test("The same request answers the byte-identical result, later and after a restart too", arguments: requests)
  func same(method: String, subject: String, params: String) throws {
    let first = try fixture.call(method, subject, keyed(params)).text
    let tables = try fixture.tables()
    fixture.clock.advance(3600)
    #expect(try fixture.call(method, subject, keyed(params)).text == first)
    try fixture.reopen(settle: 60)
    #expect(try fixture.call(method, subject, keyed(params)).text == first)
    #expect(try fixture.tables() == tables)
  }

  @Test("It answers what was so then, also where the world has moved on", arguments: [0, 60])
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

  @Test("The params count, not the order in which they are written")
  func canonical() throws {
    let first = try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"1","b":"2"},"requestId":"k"}"#)
    let again = try fixture.call("cluster.update", "rg/web", #"{"requestId":"k","labels":{"b":"2","a":"1"}}"#)
    #expect(first.text == again.text)
  }

  @Test("A rollback is remembered like the rest")
  func rollback() throws {
    try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    let first = try fixture.call("cluster.rollback", "rg/web", keyed(""))
    #expect(try fixture.call("cluster.rollback", "rg/web", keyed("")).text == first.text)
    #expect(try fixture.call("cluster.get", "rg/web").int("revision") == 3)
  }

  @Test("The same key with other params, or another method, is refused, and the message says what it stands for")
  func others() throws {
    try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#))
    let error = try fixture.refuse("cluster.update", "rg/web", keyed(#""labels":{"a":"2"}"#))
    #expect(error.kind == "request-id-reused")
    #expect(error.int("code") == -32011)
    #expect(error.message.contains("key-1") && error.message.contains("change 6"))
    #expect(try fixture.refuse("cluster.delete", "rg/web", keyed("")).kind == "request-id-reused")
    #expect(try fixture.refuse("extension.set", "aks-preview", keyed("")).kind == "request-id-reused")
  }

  @Test("Another uid has keys of its own")
  func scope() throws {
    try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#), as: .alice)
    #expect(try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":"2"}"#), as: .bob).int("seq") == 7)
  }

  @Test("A refused request is not remembered, and runs again")
  func refused() throws {
    let params = keyed(#""config":{"mode":"IPVS"}"#)
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try fixture.refuse("cluster.update", "rg/web", params).kind == "prerequisite")
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try fixture.call("cluster.update", "rg/web", params).int("revision") == 2)
  }

  @Test("A request that found nothing to record is not remembered either")
  func nothing() throws {
    #expect(try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":null}"#))["seq"] == .null)
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"a":"1"}}"#)
    #expect(try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":null}"#)).int("seq") == 7)
  }

  @Test("A dry run plans, and neither uses its key up nor is answered from it")
  func dryRun() throws {
    let plan = keyed(#""labels":{"a":"1"},"dryRun":true"#)
    #expect(try fixture.call("cluster.update", "rg/web", plan)["seq"] == .null)
    #expect(try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#)).int("seq") == 6)
    let again = try fixture.call("cluster.update", "rg/web", plan)
    #expect(again["seq"] == .null)
    #expect(again.string("report.summary")?.hasSuffix("nothing to record") == true)
  }

  @Test("A replay comes before every other check, a stale plan and a guard that moved included")
  func beforeChecks() throws {
    let digest =
      try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
      .string("report.planDigest") ?? ""
    let params = keyed("\"config\":{\"mode\":\"IPVS\"},\"planDigest\":\"\(digest)\",\"ifSeq\":5")
    let first = try fixture.call("cluster.update", "rg/web", params)
    #expect(try fixture.call("cluster.update", "rg/web", params).text == first.text)
  }

  @Test("A caller who lost the reply and plans anew may send the new plan's digest along")
  func newDigest() throws {
    func planned() throws -> String {
      let plan = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
      return keyed("\"config\":{\"mode\":\"IPVS\"},\"planDigest\":\"\(plan.string("report.planDigest") ?? "")\"")
    }
    let first = try fixture.call("cluster.update", "rg/web", try planned())
    #expect(try fixture.call("cluster.update", "rg/web", try planned()).text == first.text)
  }

  @Test("The key stands in the change and in the audit log")
  func audited() throws {
    try fixture.call("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#))
    #expect(try fixture.call("change.get", nil, #"{"seq":6}"#).string("requestId") == "key-1")
    #expect(try fixture.sql("SELECT seq, request_id FROM audit_log WHERE request_id IS NOT NULL") == ["6|key-1"])
  }

  @Test("A key is 1 to 128 bytes of printable text", arguments: ["", String(repeating: "k", count: 129), "a\\u0000b"])
  func malformed(key: String) throws {
    let error = try fixture.refuse("cluster.update", "rg/web", keyed(#""labels":{"a":"1"}"#, key))
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "requestId")
  }
}
