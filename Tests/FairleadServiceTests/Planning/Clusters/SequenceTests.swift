// The steps of a report: before, during and after a change, and back.

import ExactJSON
import Testing

@Suite("The sequence of a change")
struct SequenceTests {
  @Test("The phases are in order, and the commands that carry the change out name az's document")
  func order() throws {
    let fixture = try RegistryFixture.ready()
    try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPTABLES"}}"#)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    let phases = answer.items("report.sequence").compactMap { $0.string("phase") }
    let order = ["before", "during", "after", "back"]
    #expect(phases == phases.sorted { order.firstIndex(of: $0) ?? 9 < order.firstIndex(of: $1) ?? 9 })
    #expect(Set(phases) == Set(order))
    #expect(
      answer.commands("during") == [
        #"printf '%s\n' '{"mode":"IPVS"}' > kube-proxy.json"#,
        "az aks update --resource-group rg --name web --kube-proxy-config kube-proxy.json",
        "kubectl get pods -n kube-system -o wide --watch | grep --line-buffered kube-proxy",
        "kubectl rollout status daemonset/kube-proxy -n kube-system",
      ])
    #expect(answer.commands("back") == ["fairlead rollback -g rg -n web --to-revision 1"])
  }

  @Test("Each unmet gate comes first, with Azure's command and the one that records it")
  func gates() throws {
    let fixture = try RegistryFixture()
    try fixture.call("cluster.create", "rg/web")
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"},"dryRun":true}"#)
    let before = answer.commands("before")
    #expect(
      before.prefix(6) == [
        "az feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview",
        "fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview",
        "az provider register --namespace Microsoft.ContainerService",
        "fairlead provider register --namespace Microsoft.ContainerService",
        "az extension add --name aks-preview --upgrade",
        "fairlead extension add --name aks-preview",
      ])
  }

  @Test("The extension and the API version that az needs are part of it")
  func extensionAndVersion() throws {
    let fixture = try RegistryFixture.ready()
    try fixture.call("cluster.create", "rg/web")
    func carrying(_ mode: String) throws -> String? {
      try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"\#(mode)"},"dryRun":true}"#)
        .items("report.sequence").first { $0.string("phase") == "during" }?.string("text")
    }
    #expect(try carrying("NFTABLES")?.contains("aks-preview, with API version 2025-09-02-preview or newer") == true)
    #expect(try carrying("IPVS")?.contains("aks-preview, with API version 2022-08-02-preview or newer") == true)
  }

  @Test("The steps after the change check the running mode, then each finding once, the worst first")
  func checks() throws {
    let fixture = try RegistryFixture.ready()
    try fixture.call("cluster.create", "rg/web")
    let answer = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    let after = answer.commands("after")
    #expect(after.contains("curl -s http://localhost:10249/proxyMode"))
    // MODE-02 brings a step that checks it. Findings without one, such as TMO-02, are checked at the end.
    #expect(after.count { $0.contains("has no endpoints") } == 1)
    #expect(after.contains("ipvsadm -L --timeout"))
    #expect(Set(after).count == after.count)
  }

  @Test("The step back says whether a rollback is clean, and names the rules with caveats")
  func back() throws {
    let fixture = try RegistryFixture.ready()
    try fixture.call("cluster.create", "rg/web", #"{"facts":{"kubernetesVersion":"1.34","minKernelVersion":"6.6"}}"#)
    func back(_ mode: String) throws -> JSON? {
      try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"\#(mode)"},"dryRun":true}"#)
        .items("report.sequence").last
    }
    #expect(try back("IPVS")?.strings("rules") == ["MODE-03"])
    #expect(try back("NFTABLES")?.strings("rules") == [])
    #expect(try back("NFTABLES")?.string("text")?.contains("Nothing of this change stays behind") == true)
  }

  @Test("A change without effect has no steps, and a first configuration has no canary")
  func short() throws {
    let fixture = try RegistryFixture.ready()
    let created = try fixture.call("cluster.create", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    #expect(created.commands("during").count == 2)
    #expect(created.commands("after").isEmpty)
    #expect(
      created.commands("back") == ["fairlead delete -g rg -n web", "az aks delete --resource-group rg --name web"])
    let text = try fixture.call("cluster.update", "rg/web", #"{"config":{"mode":"IPVS","enabled":true}}"#)
    #expect(text.items("report.sequence").isEmpty)
  }

  @Test("Every command for a cluster of another subscription names the subscription")
  func subscription() throws {
    let fixture = try RegistryFixture()
    try fixture.call("cluster.create", "Blue Sky/rg/web")
    let answer = try fixture.call("cluster.update", "Blue Sky/rg/web", #"{"config":{"mode":"IPVS"},"dryRun":true}"#)
    let named = answer.commands("before").filter { $0.contains(" feature ") || $0.contains(" provider ") }
    #expect(named.count == 4)
    for command in named + answer.commands("during").prefix(1).filter({ $0.hasPrefix("az") }) + answer.commands("back")
    {
      #expect(command.contains("--subscription 'Blue Sky'"), "\(command)")
    }
  }
}
