// Documents that are given with the wrong option, and names that are a letter off.

internal import DaemonTestSupport
internal import ExactJSON
internal import Foundation
internal import Testing

@testable internal import FairleadCLI

@Suite("What is given with the wrong option, or spelt wrong")
struct MistakenDocumentTests {
  @Test(
    "a document that is no configuration is refused before anything is sent, with where its configuration is",
    arguments: [
      (#"{"name":"web","aadProfile":null,"networkProfile":{"kubeProxyConfig":null}}"#, "give it with --from"),
      (#"{"type":"x","properties":{"networkProfile":{}}}"#, "give it with --from"),
      (#"{"kubeProxyConfig":{"mode":"IPVS"}}"#, "'jq .kubeProxyConfig' prints"),
      (#"{"resourceGroup":"rg","name":"web","config":{"mode":"IPVS"}}"#, "'jq .config' prints"),
      (
        #"{"apiVersion":"kubeproxy.config.k8s.io/v1alpha1","kind":"KubeProxyConfiguration","mode":"ipvs"}"#,
        "KubeProxyConfiguration"
      ),
    ])
  func mistaken(text: String, hint: String) throws {
    let scratch = try Scratch()
    let path = scratch.file("web.json")
    try Data(text.utf8).write(to: URL(filePath: path))
    for command in [["update"], ["plan", "create"], ["aks", "update"]] {
      let outcome = try fairlead(command + ["-g", "rg", "-n", "web", "--kube-proxy-config", path])
      #expect(outcome.status == .usage)
      #expect(outcome.requests.isEmpty)
      #expect(outcome.err.contains("cannot take '\(path)' for --kube-proxy-config: "))
      #expect(outcome.err.contains(hint))
    }
  }

  @Test("a name a letter off: how to record it all the same, and --force does")
  func force() throws {
    let name = ["--namespace", "Microsoft.ContainerService", "--name", "KubeProxyConfigurationPreviw"]
    let outcome = try fairlead(["feature", "register"] + name) { _, _ in
      .failure(
        refusal("invalid-params", "cannot take it", ["path": "name", "nearest": "KubeProxyConfigurationPreview"]))
    }
    #expect(outcome.status == .usage)
    #expect(outcome.err.hasSuffix("  Nothing was recorded. To record it as it is spelt: --force\n"))
    let forced = try fairlead(["feature", "register", "--force"] + name)
    #expect(forced.requests.first?.contains(#""force":true"#) == true)
    for words in [["provider", "unregister", "--namespace", "X"], ["extension", "add", "--name", "x"]] {
      #expect(try fairlead(words + ["--force"]).requests.last?.contains(#""force":true"#) == true)
      #expect(try fairlead(words).requests.last?.contains("force") == false)
    }
  }

  @Test("a feature that nobody asked for, a letter from the one that counts, is shown with a note")
  func shown() throws {
    let outcome = try fairlead(
      "feature", "show", "--namespace", "Microsoft.ContainerService", "--name", "KubeProxyConfigurationPreviw"
    ) { _, params in
      .success([
        "namespace": params["namespace"] ?? .null, "name": params["name"] ?? .null, "state": "NotRegistered",
        "propagated": false, "since": "1970-01-01T00:00:00.000Z",
      ])
    }
    #expect(outcome.status == .done)
    #expect(
      outcome.err
        == "fairlead: nobody has asked for 'KubeProxyConfigurationPreviw'; did you mean 'KubeProxyConfigurationPreview'?\n"
    )
  }

  @Test("several labels in one word: what was meant")
  func joinedLabels() throws {
    #expect(LabelSyntax.joined("env=prod,tier=gold") == ["env=prod", "tier=gold"])
    for word in ["env=prod", "env=a,b", "env=a,", "a-", "env=x y=1,z"] { #expect(LabelSyntax.joined(word) == nil) }
    let outcome = try fairlead("create", "-g", "rg", "-n", "web", "--label", "env=prod,team=x") { _, _ in
      .success(Sample.answer(Sample.harmless, seq: 5))
    }
    #expect(outcome.err.contains("give --label once for each: --label env=prod --label team=x"))
    #expect(outcome.requests.first?.contains(#""labels":{"env":"prod,team=x"}"#) == true)
  }

  @Test("a cluster that may be meant stands in the message, without further hints")
  func cluster() throws {
    let outcome = try fairlead("show", "-g", "rg", "-n", "wbe") { _, _ in
      .failure(
        refusal(
          "not-found", "cannot find rg/wbe: there is no such cluster; did you mean 'rg/web'?",
          ["nearest": "rg/web", "azureCode": "ResourceNotFound"]))
    }
    #expect(outcome.status == .notFound)
    #expect(outcome.err == "fairlead: cannot find rg/wbe: there is no such cluster; did you mean 'rg/web'?\n")
  }
}
