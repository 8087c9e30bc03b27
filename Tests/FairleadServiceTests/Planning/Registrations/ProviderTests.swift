// Providers: NotRegistered, Registering, Registered, Unregistering; a registration picks up the features before it.

import ExactJSON
import Testing

@Suite("Providers")
struct ProviderTests {
  let fixture: RegistryFixture

  init() throws { fixture = try RegistryFixture() }

  private func state() throws -> String? { try fixture.call("provider.get", RegistryFixture.provider).string("state") }
  private func isPropagated(_ feature: String = RegistryFixture.feature) throws -> Bool? {
    try fixture.call("feature.get", feature).bool("propagated")
  }

  @Test("A provider without a change is NotRegistered")
  func untouched() throws {
    #expect(
      try fixture.call("provider.get", RegistryFixture.provider).text
        == #"{"namespace":"Microsoft.ContainerService","state":"NotRegistered","since":"1970-01-01T00:00:00.000Z"}"#)
  }

  @Test("With settle 0 the reply already says Registered, and earlier features are picked up")
  func settlesAtOnce() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    let answer = try fixture.call("provider.register", RegistryFixture.provider)
    #expect(answer.string("provider.state") == "Registered")
    #expect(answer["provider"] == (try fixture.call("provider.get", RegistryFixture.provider)))
    #expect(try isPropagated() == true)
    let settled = try fixture.lastSeq(of: "provider.settle")
    #expect(
      try fixture.sql("SELECT path, before, after FROM audit_diff WHERE seq = \(settled)") == [
        "state|Registering|Registered", "KubeProxyConfigurationPreview.propagated|0|1",
      ])
  }

  @Test("Registering again stays Registered, keeps its since, and picks up later features")
  func again() throws {
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try fixture.call("provider.register", RegistryFixture.provider)["seq"] == .null)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(60)
    let head = fixture.lastSeq
    let answer = try fixture.call("provider.register", RegistryFixture.provider)
    #expect(answer.seq == head + 1)
    #expect(answer.string("provider.state") == "Registered")
    #expect(answer.string("provider.since") == "2026-11-18T11:06:40.000Z")
    #expect(try isPropagated() == true)
    #expect(try fixture.call("provider.register", RegistryFixture.provider)["seq"] == .null)
  }

  @Test("A re-registration stays Registered while it settles")
  func againWithTime() throws {
    try fixture.call("provider.register", RegistryFixture.provider)
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.reopen(settle: 60)
    #expect(try fixture.call("provider.register", RegistryFixture.provider).string("provider.state") == "Registered")
    #expect(try isPropagated() == false)
    try fixture.settle(after: 60)
    #expect(try state() == "Registered")
    #expect(try isPropagated() == true)
  }

  @Test("A feature that becomes Registered while the provider is Registering is not picked up by that")
  func tooEarly() throws {
    try fixture.reopen(settle: 60)
    try fixture.call("feature.register", RegistryFixture.feature)
    fixture.clock.advance(30)
    let answer = try fixture.call("provider.register", RegistryFixture.provider)
    #expect(answer.strings("report.notes").contains { $0.contains("still Registering") })
    try fixture.settle(after: 30)
    try fixture.settle(after: 30)
    #expect(try fixture.call("feature.get", RegistryFixture.feature).string("state") == "Registered")
    #expect(try state() == "Registered")
    #expect(try isPropagated() == false)
    try fixture.call("provider.register", RegistryFixture.provider)
    try fixture.settle(after: 60)
    #expect(try isPropagated() == true)
  }

  @Test("Registering a Registering provider records nothing, and when it settles the earlier features are picked up")
  func whileRegistering() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.reopen(settle: 60)
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try fixture.call("provider.register", RegistryFixture.provider)["seq"] == .null)
    try fixture.settle(after: 60)
    #expect(try isPropagated() == true)
  }

  @Test("It picks up every Registered feature of its namespace, and none of another provider")
  func several() throws {
    for feature in ["Microsoft.ContainerService/A", "Microsoft.ContainerService/B", "Microsoft.Compute/C"] {
      try fixture.call("feature.register", feature)
    }
    try fixture.call("feature.unregister", "Microsoft.ContainerService/B")
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try isPropagated("Microsoft.ContainerService/A") == true)
    #expect(try isPropagated("Microsoft.ContainerService/B") == false)
    #expect(try isPropagated("Microsoft.Compute/C") == false)
  }

  @Test("Unregistering ends in NotRegistered, and its features are no longer propagated")
  func unregister() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    let answer = try fixture.call("provider.unregister", RegistryFixture.provider)
    #expect(answer.string("provider.state") == "NotRegistered")
    #expect(try isPropagated() == false)
    #expect(try fixture.call("feature.get", RegistryFixture.feature).string("state") == "Registered")
    #expect(try fixture.call("provider.unregister", RegistryFixture.provider)["seq"] == .null)
  }

  @Test("It can be registered again while it is Unregistering")
  func takenBack() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
    try fixture.reopen(settle: 60)
    #expect(
      try fixture.call("provider.unregister", RegistryFixture.provider).string("provider.state") == "Unregistering")
    fixture.clock.advance(30)
    #expect(try fixture.call("provider.register", RegistryFixture.provider).string("provider.state") == "Registering")
    try fixture.settle(after: 60)
    #expect(try state() == "Registered")
    #expect(try isPropagated() == true)
  }

  @Test("Lists are by subscription")
  func lists() throws {
    for subject in ["Microsoft.Network", "Microsoft.Compute", "blue/Microsoft.Compute"] {
      try fixture.call("provider.register", subject)
    }
    func names(_ params: String) throws -> [String] {
      try fixture.call("provider.list", nil, params).items("items").compactMap { $0.string("namespace") }
    }
    #expect(try names("{}") == ["Microsoft.Compute", "Microsoft.Compute", "Microsoft.Network"])
    #expect(try names(#"{"subscription":"BLUE"}"#) == ["Microsoft.Compute"])
    #expect(try names(#"{"limit":1,"subscription":"default"}"#) == ["Microsoft.Compute"])
  }
}
