// Reading the documents that a command line names.

internal import class DaemonTestSupport.Scratch
internal import ExactJSON
internal import FairleadModel
internal import Foundation
internal import Testing

@testable internal import FairleadCLI

@Suite("Input files")
struct InputFileTests {
  private func failure(_ path: String) throws -> Failure {
    try #require(throws: Failure.self) { _ = try InputFile(path).object() }
  }

  @Test("a missing file and a folder are errors that name it")
  func unreadable() throws {
    let scratch = try Scratch()
    #expect(
      try failure(scratch.file("no.json")) == .failed("cannot read '\(scratch.file("no.json"))': there is no such file")
    )
    #expect(try failure(scratch.file("")) == .failed("cannot read '\(scratch.file(""))': it is a directory"))
  }

  @Test(
    "a file that is not a JSON object is a usage error that names it",
    arguments: [
      ("", "cannot read '@' as JSON: there is nothing in it"),
      ("{\n  \"mode\": \"IPVS\",\n}", "cannot read '@' as JSON: unexpected '}' on line 3, column 1"),
      ("[1]", "cannot take '@': it holds an array, not a JSON object"),
      ("{\"a\":1,\"a\":2}", "cannot read '@' as JSON: the key 'a' stands twice, the second time on line 1, column 8"),
    ])
  func malformed(text: String, message: String) throws {
    let scratch = try Scratch()
    try scratch.write(text, to: "f")
    let path = scratch.file("f")
    #expect(
      try failure(path)
        == .usage(message.split(separator: "@", omittingEmptySubsequences: false).joined(separator: path)))
  }

  @Test(
    "YAML is called that, with what makes JSON of it",
    arguments: [
      "enabled: true\nmode: NFTABLES\n", "---\nmode: IPVS\n", "# of the article\n\n\r\nmode:\r\n", "- mode: IPVS\n",
      "%YAML 1.2\n---\n{}\n",
    ])
  func yaml(text: String) throws {
    let scratch = try Scratch()
    try scratch.write(text, to: "kube-proxy.yaml")
    let path = scratch.file("kube-proxy.yaml")
    #expect(
      try failure(path)
        == .usage(
          "cannot read '\(path)' as JSON: it is YAML",
          hints: ["Convert it with 'yq -o json \(path)'; az and kubectl print JSON with '-o json'."]))
  }

  @Test("kube-proxy's own configuration is not what AKS takes")
  func kubeProxyConfiguration() throws {
    let scratch = try Scratch()
    try scratch.write(
      "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n", to: "f")
    #expect(
      try failure(scratch.file("f")).hints.last
        == "A KubeProxyConfiguration is kube-proxy's own document; AKS takes enabled, mode and ipvsConfig.")
  }

  @Test(
    "JSON with a mistake is not called YAML",
    arguments: ["{mode: IPVS}", "\"mode\": 1", "https://x/y", "// a\n{}", "mode"])
  func notYAML(text: String) throws {
    let scratch = try Scratch()
    try scratch.write(text, to: "f")
    #expect(try failure(scratch.file("f")).message.contains(" on line 1, column "))
  }

  @Test("a file of UTF-16, as PowerShell writes it, is called that, with what makes UTF-8 of it")
  func utf16() throws {
    let scratch = try Scratch()
    try scratch.write(Data([0xFF, 0xFE] + Array(#"{"mode":"NFTABLES"}"#.utf8).flatMap { [$0, 0] }), to: "utf16.json")
    let path = scratch.file("utf16.json")
    #expect(
      try failure(path)
        == .usage(
          "cannot read '\(path)' as JSON: it is UTF-16, and JSON is UTF-8",
          hints: ["Save it as UTF-8, or convert it with 'iconv -f UTF-16 -t UTF-8 \(path)'."]))
  }

  @Test("the parameters of a raw request are read like a file of lines")
  func rawParameters() throws {
    let outcome = try fairlead("call", "cluster.get", "{\n  \"name\": web\n}")
    #expect(outcome.err == "fairlead: cannot read the parameters as JSON: unexpected 'w' on line 2, column 11\n")
    #expect(outcome.status == .usage)
  }

  @Test("a file larger than a request may be is refused before it is parsed")
  func tooLarge() throws {
    let scratch = try Scratch()
    try scratch.write(Data([UInt8](repeating: 0x20, count: Limits.lineBytes + 1)), to: "f")
    #expect(try failure(scratch.file("f")).message.contains("is larger than \(Limits.lineBytes) bytes"))
    #expect(try failure(scratch.file("f")).status == .usage)
  }

  @Test("a byte order mark is ignored")
  func byteOrderMark() throws {
    let scratch = try Scratch()
    try scratch.write(Data([0xEF, 0xBB, 0xBF] + Array("{}".utf8)), to: "f")
    #expect(try InputFile(scratch.file("f")).object().isEmpty)
  }

  private static let shown = """
    {"name": "Other", "kubernetesVersion": "1.33", "currentKubernetesVersion": "1.33.2",
     "agentPoolProfiles": [{"count": 3, "osType": "Linux"}],
     "networkProfile": {"networkPlugin": "Azure", "networkPolicy": "odd",
       "kubeProxyConfig": {"enabled": true, "ipvsConfig": null, "mode": "IPTABLES"}}}
    """

  @Test("--from reads configuration and facts, flags take precedence, and notes go to stderr")
  func from() throws {
    let scratch = try Scratch()
    try scratch.write(Self.shown, to: "mc.json")
    let outcome = try fairlead("create", "-g", "g", "-n", "web", "--from", scratch.file("mc.json"), "-c", "5") { _, _ in
      .success(Sample.answer(Sample.harmless, seq: 5))
    }
    #expect(
      outcome.requests == [
        #"cluster.create {"resourceGroup":"g","name":"web","config":{"enabled":true,"ipvsConfig":null,"#
          + #""mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.33.2","networkPlugin":"azure","nodeCount":5,"#
          + #""windowsNodes":false}}"#
      ])
    #expect(
      outcome.err == """
        fairlead: Left out networkPolicy: 'odd' is not a value that Fairlead knows.
        fairlead: The document is of the cluster 'Other'; it is recorded for 'web'.

        """)
  }

  @Test("the error for a document of the wrong kind names the option that accepts it")
  func wrongKind() throws {
    let scratch = try Scratch()
    try scratch.write(#"{"mode":"IPVS"}"#, to: "kp.json")
    let outcome = try fairlead("update", "-g", "g", "-n", "n", "--from", scratch.file("kp.json"))
    #expect(outcome.status == .usage)
    #expect(outcome.requests.isEmpty)
    #expect(outcome.err.contains("give it with --kube-proxy-config (in '\(scratch.file("kp.json"))')"))
  }

  @Test("two sources of a configuration, and none, are usage errors, and no request is sent")
  func sources() throws {
    let both = try fairlead("update", "-g", "g", "-n", "n", "--from", "a", "--kube-proxy-config", "b")
    #expect(both.status == .usage)
    #expect(both.err.contains("cannot take both --kube-proxy-config and --from"))
    let none = try fairlead("update", "-g", "g", "-n", "n", "-m", "why")
    #expect(none.status == .usage)
    #expect(
      none.err == """
        fairlead: cannot update g/n: nothing to change was given
          Give --kube-proxy-config or --from, a fact such as --node-count, or --label.

        """)
    #expect(both.requests.isEmpty && none.requests.isEmpty)
  }

  @Test("the refusal of a configuration names its file")
  func refused() throws {
    let scratch = try Scratch()
    try scratch.write(#"{"mode":"IPTABLE"}"#, to: "kp.json")
    let outcome = try fairlead("create", "-g", "g", "-n", "n", "--kube-proxy-config", scratch.file("kp.json")) { _, _ in
      .failure(refusal("invalid-params", "cannot take 'IPTABLE' for config.mode", ["path": "config.mode"]))
    }
    #expect(outcome.status == .usage)
    #expect(outcome.err == "fairlead: cannot take 'IPTABLE' for config.mode (in '\(scratch.file("kp.json"))')\n")
  }
}
