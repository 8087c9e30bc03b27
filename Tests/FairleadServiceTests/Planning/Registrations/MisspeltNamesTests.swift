// Names a letter or two from the one that counts: refused, unless that is meant.

import ExactJSON
import Testing

@Suite("A misspelt registration")
struct MisspeltNamesTests {
  let fixture: RegistryFixture

  init() throws { fixture = try RegistryFixture() }

  @Test(
    "is refused with the name that counts, and recorded with force",
    arguments: [
      (
        "feature.register", "Microsoft.ContainerService/KubeProxyConfigurationPreviw", "name",
        "KubeProxyConfigurationPreview"
      ),
      (
        "feature.unregister", "Microsoft.ContainerService/KubeProxyConfigurationPreveiw", "name",
        "KubeProxyConfigurationPreview"
      ),
      (
        "feature.register", "Microsoft.ContainerServce/KubeProxyConfigurationPreview", "namespace",
        "Microsoft.ContainerService"
      ),
      ("provider.register", "Microsoft.ContainersService", "namespace", "Microsoft.ContainerService"),
      ("provider.unregister", "Microsoft.ContainerServices", "namespace", "Microsoft.ContainerService"),
      ("extension.set", "aks-previw", "name", "aks-preview"),
    ])
  func refused(method: String, subject: String, path: String, nearest: String) throws {
    for params in ["{}", #"{"dryRun":true}"#, #"{"force":false}"#, #"{"force":null}"#] {
      let error = try fixture.refuse(method, subject, params)
      #expect(error.kind == "invalid-params")
      #expect(error.string("data.path") == path)
      #expect(error.string("data.nearest") == nearest)
      #expect(error.string("message")?.contains("did you mean '\(nearest)'") == true)
    }
    #expect(fixture.lastSeq == fixture.firstSeq - 1)
    let forced = try fixture.call(method, subject, #"{"force":true}"#)
    // There is nothing to unregister where nothing was registered.
    #expect((forced.seq != nil) == !method.hasSuffix("unregister"))
  }

  @Test(
    "is only what is a letter or two off: other names are other things",
    arguments: [
      ("feature.register", "Microsoft.ContainerService/kubeproxyconfigurationpreview"),
      ("feature.register", "Microsoft.ContainerService/NodeAutoProvisioningPreview"),
      ("feature.register", "Microsoft.Network/KubeProxyConfigurationPreviw"),
      ("provider.register", "Microsoft.ContainerRegistry"), ("extension.set", "aks-agent"),
    ])
  func others(method: String, subject: String) throws { try fixture.record(method, subject) }

  @Test("that is on record may be recorded again, and unregistered, without force")
  func onRecord() throws {
    let typo = "Microsoft.ContainerService/KubeProxyConfigurationPreviw"
    try fixture.record("feature.register", typo, #"{"force":true}"#)
    #expect(try fixture.call("feature.register", typo).seq == nil)
    try fixture.record("feature.unregister", typo)
    try fixture.record("extension.set", "aks-previw", #"{"force":true}"#)
    try fixture.record("extension.set", "aks-previw", #"{"version":"2.0"}"#)
  }

  @Test("force lets no rule, guard or gate through, and no other method takes it")
  func nothingElse() throws {
    let error = try fixture.refuse("feature.register", RegistryFixture.feature, #"{"force":true,"ifSeq":7}"#)
    #expect(error.kind == "conflict")
    #expect(
      try fixture.refuse("cluster.create", "rg/web", #"{"force":true}"#).kind == "invalid-params")
    #expect(
      try fixture.refuse("feature.register", "Microsoft.ContainerService/ä", #"{"force":true}"#).string("data.path")
        == "name")
  }

  @Test("an extension that is not on record: the one that may be meant")
  func extensions() throws {
    let error = try fixture.refuse("extension.get", "aks-previw")
    #expect(error.kind == "not-found")
    #expect(error.string("data.nearest") == "aks-preview")
    #expect(try fixture.refuse("extension.get", "aks-preview").string("data.nearest") == nil)
  }
}
