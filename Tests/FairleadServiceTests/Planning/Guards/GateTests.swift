// The gates: what must be true in the subscription before a configuration may change.

import ExactJSON
import LedgerTestSupport
import Testing

@Suite("Gates")
struct GateTests {
  let fixture: RegistryFixture

  /// A cluster in a subscription without registrations.
  init() throws {
    fixture = try RegistryFixture()
    try fixture.call("cluster.create", "rg/web")
  }

  private static let toIPVS = #"{"config":{"mode":"IPVS"}}"#

  private func openAll() throws {
    try fixture.call("feature.register", RegistryFixture.feature)
    try fixture.call("provider.register", RegistryFixture.provider)
  }

  /// The prerequisites of a report, each as `id` or `!id` where it is not met.
  private func prerequisites(_ report: JSON?) -> [String] {
    report?.items("prerequisites").map { ($0.bool("met") == true ? "" : "!") + ($0.string("id") ?? "") } ?? []
  }

  @Test("With nothing registered, the refusal carries a report of all four and says which are not met")
  func closed() throws {
    let error = try fixture.refuse("cluster.update", "rg/web", Self.toIPVS)
    #expect(error.kind == "prerequisite")
    #expect(error.int("code") == -32005)
    #expect(prerequisites(error.at("data.report")) == ["api-version", "!feature", "!provider", "!extension"])
    #expect(error.message.contains("rg/web"))
    #expect(error.message.hasSuffix("The provider Microsoft.ContainerService is NotRegistered."))
  }

  @Test("Running the commands of the unmet prerequisites in order meets each of them")
  func commands() throws {
    try fixture.call("cluster.create", "blue/rg/web")
    let commands = try fixture.refuse("cluster.update", "blue/rg/web", Self.toIPVS)
      .items("data.report.prerequisites").compactMap { $0.string("command") }
    #expect(
      commands == [
        "--api-version 2026-08-02-preview",
        "fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview "
          + "--subscription blue",
        "fairlead provider register --namespace Microsoft.ContainerService --subscription blue",
        "fairlead extension add --name aks-preview",
      ])
    try fixture.call("feature.register", "blue/" + RegistryFixture.feature)
    let next = try fixture.refuse("cluster.update", "blue/rg/web", Self.toIPVS)
    let unmet = next.items("data.report.prerequisites").first { $0.bool("met") == false }
    #expect(unmet?.string("command") == commands[2])
    try fixture.call("provider.register", "blue/" + RegistryFixture.provider)
    try fixture.call("extension.set", "aks-preview")
    let answer = try fixture.call("cluster.update", "blue/rg/web", Self.toIPVS)
    #expect(prerequisites(answer["report"]) == ["api-version", "feature", "provider", "extension"])
  }

  @Test("The extension is in the report, and is never a gate")
  func clientExtension() throws {
    try openAll()
    let answer = try fixture.call("cluster.update", "rg/web", Self.toIPVS)
    #expect(prerequisites(answer["report"]) == ["api-version", "feature", "provider", "!extension"])
    #expect(answer.int("revision") == 2)
  }

  @Test(
    "An API version without the mode is an unmet gate, which names the first version that has it",
    arguments: [
      ("2022-08-01-preview", "IPVS", "2022-08-02-preview"), ("2025-09-01-preview", "NFTABLES", "2025-09-02-preview"),
      ("2026-05-01", "IPVS", "stable"),
    ])
  func apiVersion(version: String, mode: String, said: String) throws {
    try openAll()
    let error = try fixture.refuse(
      "cluster.update", "rg/web", "{\"config\":{\"mode\":\"\(mode)\"},\"apiVersion\":\"\(version)\"}")
    #expect(error.kind == "prerequisite")
    #expect(error.string("data.azureCode") == "NoRegisteredProviderFound")
    #expect(error.message.contains(version) && error.message.contains(said))
  }

  @Test(
    "The first API version that has a mode is enough, and the default is the newest version",
    arguments: [
      ("IPVS", #","apiVersion":"2022-08-02-preview""#), ("NFTABLES", #","apiVersion":"2025-09-02-preview""#),
      ("NFTABLES", ""),
    ])
  func apiVersionCarries(mode: String, version: String) throws {
    try openAll()
    let answer = try fixture.call("cluster.update", "rg/web", "{\"config\":{\"mode\":\"\(mode)\"}\(version)}")
    #expect(answer.int("revision") == 2)
  }

  @Test("A malformed API version is refused", arguments: ["2025-13-01", "newest", "2025-09-02-beta", ""])
  func noAPIVersion(text: String) throws {
    let error = try fixture.refuse("cluster.update", "rg/web", "{\"apiVersion\":\"\(text)\"}")
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "apiVersion")
  }

  @Test("A provider that was registered before the feature has not picked it up")
  func propagation() throws {
    try fixture.call("provider.register", RegistryFixture.provider)
    try fixture.call("feature.register", RegistryFixture.feature)
    let error = try fixture.refuse("cluster.update", "rg/web", Self.toIPVS)
    #expect(prerequisites(error.at("data.report")) == ["api-version", "feature", "!provider", "!extension"])
    #expect(error.string("data.azureCode") == "KubeProxyConfigFeatureNotRegistered")
    #expect(error.message.contains("has not been registered again"))
    try fixture.call("provider.register", RegistryFixture.provider)
    #expect(try fixture.call("cluster.update", "rg/web", Self.toIPVS).int("revision") == 2)
  }

  @Test("The refusal has the Azure code of the first unmet gate")
  func azureCodes() throws {
    func code(_ params: String) throws -> String? {
      try fixture.refuse("cluster.update", "rg/web", params).string("data.azureCode")
    }
    #expect(try code(#"{"config":{"mode":"IPVS"},"apiVersion":"2020-01-01"}"#) == "NoRegisteredProviderFound")
    #expect(try code(Self.toIPVS) == "KubeProxyConfigFeatureNotRegistered")
    try fixture.call("feature.register", RegistryFixture.feature)
    #expect(try code(Self.toIPVS) == "MissingSubscriptionRegistration")
  }

  @Test(
    "While a registration settles, the gate says until when, and its command shows the state instead of registering again"
  )
  func underWay() throws {
    try fixture.reopen(settle: 60)
    try fixture.call("feature.register", RegistryFixture.feature)
    let feature = try fixture.refuse("cluster.update", "rg/web", Self.toIPVS)
    #expect(feature.message.contains("Registering; it settles at 2026-11-18T11:07:40.000Z"))
    #expect(feature.string("data.report.prerequisites.1.command")?.hasPrefix("fairlead feature show") == true)
    try fixture.settle(after: 60)
    try fixture.call("provider.register", RegistryFixture.provider)
    let provider = try fixture.refuse("cluster.update", "rg/web", Self.toIPVS)
    #expect(provider.message.contains("picking the feature up; it settles at 2026-11-18T11:08:40.000Z"))
    #expect(provider.string("data.report.prerequisites.2.command")?.hasPrefix("fairlead feature show") == true)
  }

  @Test("Registrations of another subscription do not open the gates")
  func otherSubscription() throws {
    try fixture.call("feature.register", "blue/" + RegistryFixture.feature)
    try fixture.call("provider.register", "blue/" + RegistryFixture.provider)
    #expect(try fixture.refuse("cluster.update", "rg/web", Self.toIPVS).kind == "prerequisite")
  }

  @Test(
    "A creation with a document is gated, and one without is not",
    arguments: [("{}", true), (#"{"config":{}}"#, true), (#"{"config":{"mode":"IPTABLES"}}"#, false)])
  func creation(params: String, isUngated: Bool) throws {
    if isUngated {
      #expect(try fixture.call("cluster.create", "rg/api", params).items("report.prerequisites").isEmpty)
    } else {
      #expect(try fixture.refuse("cluster.create", "rg/api", params).kind == "prerequisite")
    }
  }

  @Test(
    "Changes without effect and changes of facts and labels are not gated",
    arguments: [#"{"config":{"enabled":true}}"#, #"{"facts":{"nodeCount":3}}"#, #"{"labels":{"a":"1"}}"#])
  func ungated(params: String) throws {
    #expect(try fixture.call("cluster.update", "rg/web", params).items("report.prerequisites").isEmpty)
  }

  @Test("Disabling kube-proxy under BYO CNI is gated, and a note says that AKS no longer requires that")
  func byoCNI() throws {
    let params = #"{"config":{"enabled":false},"facts":{"networkPlugin":"none"}}"#
    #expect(try fixture.refuse("cluster.update", "rg/web", params).kind == "prerequisite")
    try openAll()
    let answer = try fixture.call("cluster.update", "rg/web", params)
    #expect(answer.strings("report.notes").contains { $0.contains("2025-04-27") })
  }

  @Test("A blocking rule takes precedence over an unmet gate")
  func blockedFirst() throws {
    let error = try fixture.refuse(
      "cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"}}"#)
    #expect(error.kind == "blocked")
    #expect(!error.items("data.report.prerequisites").isEmpty)
  }

  @Test("An override does not bypass a gate")
  func noOverride() throws {
    let error = try fixture.refuse(
      "cluster.update", "rg/web",
      #"{"config":{"mode":"IPVS"},"facts":{"networkPolicy":"azure"},"override":["POL-01"],"message":"we know"}"#)
    #expect(error.kind == "prerequisite")
  }

  @Test("A refused request changes neither the log nor a table nor the files")
  func noTrace() throws {
    let head = fixture.lastSeq
    let tables = try fixture.tables()
    let files = [fixture.path, fixture.path + "-wal"].map(bytes)
    try fixture.refuse("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"facts":{"nodeCount":9}}"#)
    try fixture.refuse("cluster.create", "rg/api", #"{"config":{"mode":"IPVS"}}"#)
    try fixture.refuse("cluster.update", "rg/web", #"{"config":{},"ifRevision":7}"#)
    #expect([fixture.path, fixture.path + "-wal"].map(bytes) == files)
    #expect(fixture.lastSeq == head)
    #expect(try fixture.tables() == tables)
  }
}
