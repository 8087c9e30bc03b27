// Features: NotRegistered, Registering, Registered, Unregistering, Unregistered; and whether the provider picked them up.

import ExactJSON
import Testing

@Suite("Features")
struct FeatureTests {
  let fixture: RegistryFixture

  init() throws { fixture = try RegistryFixture() }

  private func state() throws -> String? { try fixture.call("feature.get", RegistryFixture.feature).string("state") }

  @Test("A feature without a change is NotRegistered, and in no list")
  func untouched() throws {
    let feature = try fixture.call("feature.get", RegistryFixture.feature)
    #expect(
      feature.text
        == #"{"namespace":"Microsoft.ContainerService","name":"KubeProxyConfigurationPreview","#
        + #""state":"NotRegistered","propagated":false,"since":"1970-01-01T00:00:00.000Z"}"#)
    #expect(try fixture.call("feature.list").items("items").isEmpty)
  }

  @Test("With settle 0 the reply already says Registered, and the log has both steps")
  func settlesAtOnce() throws {
    let answer = try fixture.call("feature.register", RegistryFixture.feature, #"{"message":"the pilot"}"#)
    #expect(answer.objectValue?.keys == ["seq", "report", "feature"])
    #expect(answer.string("feature.state") == "Registered")
    #expect(answer.bool("feature.propagated") == false)
    #expect(answer["feature"] == (try fixture.call("feature.get", RegistryFixture.feature)))
    let registered = try #require(answer.seq)
    #expect(
      try fixture.auditLog("seq, method, actor_name, message, summary") == [
        "\(registered)|feature.register|alice|the pilot|register \(RegistryFixture.feature): state NotRegistered -> Registering",
        "\(registered + 1)|feature.settle|system||settle \(RegistryFixture.feature): state Registering -> Registered",
      ])
  }

  @Test("The report has Azure's command")
  func report() throws {
    let report = try fixture.call("feature.register", RegistryFixture.feature)["report"]
    #expect(
      report?.strings("sequence.0.commands") == [
        "az feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview"
      ])
  }

  @Test("Each command of the report names a subscription other than the default")
  func subscriptionFlags() throws {
    try fixture.call("cluster.create", "Blue Sky/rg/web")
    let report = try fixture.call("feature.register", "Blue Sky/" + RegistryFixture.feature)["report"]
    #expect(report?.string("sequence.0.commands.0")?.hasSuffix(" --subscription 'Blue Sky'") == true)
    let provider = try fixture.call("provider.register", "Blue Sky/" + RegistryFixture.provider)["report"]
    #expect(
      provider?.strings("sequence.0.commands") == [
        "az provider register --namespace Microsoft.ContainerService --subscription 'Blue Sky'"
      ])
    let closing = try fixture.call("provider.unregister", "Blue Sky/" + RegistryFixture.provider)["report"]
    #expect(closing?.string("findings.0.verify")?.contains("--subscription 'Blue Sky'") == true)
  }

  @Test("Registering a Registered feature records nothing")
  func again() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    let settled = fixture.lastSeq
    let answer = try fixture.call("feature.register", RegistryFixture.feature)
    #expect(answer["seq"] == .null)
    #expect(answer.string("feature.state") == "Registered")
    #expect(answer.strings("report.notes").contains("The feature is Registered already."))
    #expect(fixture.lastSeq == settled)
  }

  @Test("Unregistering ends in Unregistered, and the feature is no longer propagated")
  func unregister() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    fixture.clock.advance(60)
    let answer = try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(answer.string("feature.state") == "Unregistered")
    #expect(answer.bool("feature.propagated") == false)
    #expect(answer.string("feature.since") == "2026-11-18T11:07:40.000Z")
    #expect(answer.diff.contains(#"state: "Registered" -> "Unregistering""#))
    #expect(answer.diff.contains("KubeProxyConfigurationPreview.propagated: true -> false"))
  }

  @Test("Unregistering what is not registered records nothing")
  func unregisterNothing() throws {
    let answer = try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(answer["seq"] == .null)
    #expect(answer.string("feature.state") == "NotRegistered")
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try fixture.call("feature.unregister", RegistryFixture.feature)["seq"] == .null)
    #expect(try state() == "Unregistered")
  }

  @Test("An Unregistered feature can be registered again, and the provider must pick it up again")
  func roundTrip() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let answer = try fixture.call("feature.register", RegistryFixture.feature)
    #expect(answer.string("feature.state") == "Registered")
    #expect(answer.bool("feature.propagated") == false)
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try fixture.call("feature.get", RegistryFixture.feature).bool("propagated") == true)
  }

  @Test("With a settle time it is Registering, and Registered once that has passed")
  func settles() throws {
    try fixture.reopen(settle: 60)
    #expect(try fixture.call("feature.register", RegistryFixture.feature).string("feature.state") == "Registering")
    #expect(try fixture.settle(after: 59) == "2026-11-18T11:07:40.000Z")
    #expect(try state() == "Registering")
    #expect(try fixture.settle(after: 1) == nil)
    let feature = try fixture.call("feature.get", RegistryFixture.feature)
    #expect(feature.string("state") == "Registered")
    #expect(feature.string("since") == "2026-11-18T11:07:40.000Z")
  }

  @Test("Registering a Registering feature records nothing, and does not restart the settle time")
  func whileRegistering() throws {
    try fixture.reopen(settle: 60)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(59)
    #expect(try fixture.call("feature.register", RegistryFixture.feature)["seq"] == .null)
    try fixture.settle(after: 1)
    #expect(try state() == "Registered")
  }

  @Test("A feature can be unregistered before it settles, and registered again after that")
  func takenBack() throws {
    try fixture.reopen(settle: 60)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(30)
    #expect(try fixture.call("feature.unregister", RegistryFixture.feature).string("feature.state") == "Unregistering")
    #expect(try fixture.settle(after: 30) != nil)
    #expect(try fixture.call("feature.register", RegistryFixture.feature).string("feature.state") == "Registering")
    #expect(try fixture.settle(after: 60) == nil)
    #expect(try state() == "Registered")
    #expect(
      try fixture.auditLog("method") == [
        "feature.register", "feature.unregister", "feature.register", "feature.settle",
      ])
  }

  @Test("Lists are by subscription and namespace, without case")
  func lists() throws {
    for subject in ["Microsoft.Compute/A", "Microsoft.Compute/b", "Microsoft.Network/C", "blue/Microsoft.Compute/D"] {
      try fixture.call("feature.register", subject)
    }
    func names(_ params: String) throws -> [String] {
      try fixture.call("feature.list", nil, params).items("items").compactMap { $0.string("name") }
    }
    #expect(try names("{}") == ["D", "A", "b", "C"])
    #expect(try names(#"{"subscription":"DEFAULT"}"#) == ["A", "b", "C"])
    #expect(try names(#"{"namespace":"MICROSOFT.compute"}"#) == ["D", "A", "b"])
    #expect(try names(#"{"subscription":"blue","namespace":"Microsoft.Network"}"#).isEmpty)
  }
}
