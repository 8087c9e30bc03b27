// The commands of the AKS article, with `az` replaced by `fairlead`.

internal import class DaemonTestSupport.Scratch
internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("The AKS article's commands")
struct SeedTests {
  private func answer(_ method: String, _ params: JSONObject) -> Result<JSON, Failure> {
    let extensionJSON: JSON = ["name": "aks-preview", "version": "latest", "since": "2026-11-22T21:04:45.123Z"]
    func outcome(_ key: String, _ resource: JSON) -> JSON {
      .object(
        JSONObject([
          .init(key: "seq", value: 3), .init(key: "report", value: Sample.harmless.json),
          .init(key: key, value: resource),
        ]))
    }
    switch method {
    case "extension.set": return .success(outcome("extension", extensionJSON))
    case "extension.get": return .success(extensionJSON)
    case "feature.register", "feature.unregister":
      return .success(outcome("feature", Sample.feature(propagated: false).json))
    case "feature.get": return .success(Sample.feature(propagated: true).json)
    case "provider.register":
      return .success(
        outcome(
          "provider",
          ["namespace": "Microsoft.ContainerService", "state": "Registered", "since": "2026-11-22T21:04:45.123Z"]))
    default: return .success(Sample.answer(Sample.harmless, seq: 5))
    }
  }

  @Test("extension add records it")
  func extensionAdd() throws {
    let outcome = try fairlead("extension", "add", "--name", "aks-preview", answer: answer)
    #expect(outcome.status == .done)
    #expect(outcome.requests == [#"extension.set {"name":"aks-preview"}"#])
    #expect(outcome.out.hasSuffix("\nRecorded as change 3: aks-preview is at version latest.\n"))
  }

  @Test("extension update checks that the extension is on record, and records the latest version")
  func extensionUpdate() throws {
    let outcome = try fairlead("extension", "update", "--name", "aks-preview", answer: answer)
    #expect(
      outcome.requests == [
        #"extension.get {"name":"aks-preview"}"#, #"extension.set {"name":"aks-preview","version":"latest"}"#,
      ])
    let missing = try fairlead("extension", "update", "--name", "aks-preview") { _, _ in
      .failure(refusal("not-found", "cannot find the extension 'aks-preview'"))
    }
    #expect(missing.status == .notFound)
    #expect(missing.requests.count == 1)
  }

  @Test("az's extension flags without effect are named in a note, and --version is the extension's")
  func extensionFlags() throws {
    let outcome = try fairlead(
      "extension", "add", "-n", "aks-preview", "--version", "0.5.1", "--upgrade", "--allow-preview", "true", "-y",
      answer: answer)
    #expect(outcome.requests == [#"extension.set {"name":"aks-preview","version":"0.5.1"}"#])
    #expect(
      outcome.err
        == "fairlead: --upgrade, --allow-preview ignored: Fairlead records which extension is in use, and installs none\n"
    )
  }

  @Test("feature register names the provider registration as the next step where no report does")
  func featureRegister() throws {
    let outcome = try fairlead(
      "feature", "register", "--namespace", "Microsoft.ContainerService", "--name", "KubeProxyConfigurationPreview",
      "-o", "none", answer: answer)
    #expect(
      outcome.requests == [
        #"feature.register {"namespace":"Microsoft.ContainerService","name":"KubeProxyConfigurationPreview"}"#
      ])
    #expect(
      outcome.err
        == "fairlead: once it is Registered, 'fairlead provider register --namespace Microsoft.ContainerService' "
        + "carries it to the provider\n")
  }

  @Test("feature show as JSON has the state also at the path that az scripts read")
  func featureShow() throws {
    let outcome = try fairlead(
      "feature", "show", "--namespace", "Microsoft.ContainerService", "--name", "Preview", "-o", "json",
      answer: answer)
    #expect(
      outcome.out == """
        {
          "namespace": "Microsoft.ContainerService",
          "name": "Preview",
          "state": "Registered",
          "propagated": true,
          "since": "2027-01-15T08:00:00.000Z",
          "properties": {
            "state": "Registered"
          }
        }

        """)
  }

  @Test("provider register accepts --namespace and -n, and ignores --wait")
  func providerRegister() throws {
    for name in ["--namespace", "-n"] {
      let outcome = try fairlead("provider", "register", name, "Microsoft.ContainerService", answer: answer)
      #expect(outcome.requests == [#"provider.register {"namespace":"Microsoft.ContainerService"}"#])
      #expect(outcome.err.isEmpty)
    }
    #expect(try fairlead("provider", "register", "-n", "X", "--wait", answer: answer).err.contains("--wait is ignored"))
  }

  @Test("aks create accepts the article's command line, and prints az-shaped JSON on stdout, note and report on stderr")
  func aksCreate() throws {
    let scratch = try Scratch()
    try scratch.write(#"{ "enabled": true, "mode": "NFTABLES" }"#, to: "kube-proxy.json")
    let outcome = try fairlead(
      "aks", "create", "--resource-group", "g", "--name", "c", "--kube-proxy-config", scratch.file("kube-proxy.json"),
      "--generate-ssh-keys", answer: answer)
    #expect(outcome.status == .done)
    #expect(
      outcome.requests == [
        #"cluster.create {"resourceGroup":"g","name":"c","config":{"enabled":true,"mode":"NFTABLES"}}"#
      ])
    #expect(
      outcome.err.hasPrefix(
        "fairlead: --generate-ssh-keys has no meaning here: Fairlead records, and provisions nothing\nINFO  "))
    #expect(outcome.err.hasSuffix("\nRecorded as change 5: prod/web is at revision 4.\n"))
    let shape = try JSON(parsing: Array(outcome.out.utf8))
    #expect(shape["networkProfile"]?["kubeProxyConfig"]?["mode"] == "IPVS")
    #expect(shape["tags"] == ["tier": "gold"])
  }

  @Test("aks update never asks, and sends one request also for a dangerous change")
  func aksUpdate() throws {
    let scratch = try Scratch()
    try scratch.write(#"{"mode":"IPVS"}"#, to: "kube-proxy.json")
    let outcome = try fairlead(
      "aks", "update", "--resource-group", "g", "--name", "c", "--kube-proxy-config", scratch.file("kube-proxy.json")
    ) { _, _ in .success(Sample.answer(Sample.dangerous, seq: 9)) }
    #expect(outcome.status == .done)
    #expect(outcome.requests == [#"cluster.update {"resourceGroup":"g","name":"c","config":{"mode":"IPVS"}}"#])
  }

  @Test("aks delete asks, as az does")
  func aksDelete() throws {
    let declined = try fairlead("aks", "delete", "-g", "g", "-n", "c", "--no-wait", typed: ["n"], answer: answer)
    #expect(declined.status == .failed)
    #expect(declined.out.isEmpty)
    let accepted = try fairlead("aks", "delete", "-g", "g", "-n", "c", "--yes") { _, _ in
      .success(Sample.answer(Sample.harmless, seq: 6, deleted: true))
    }
    #expect(accepted.status == .done)
    #expect(accepted.out.isEmpty)
    #expect(accepted.err.hasSuffix("Recorded as change 6: prod/web is deleted, at revision 4.\n"))
  }
}
