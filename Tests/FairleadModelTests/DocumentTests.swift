// The kube-proxy document: decoding, normalisation, refusals, and effective values.

import ExactJSON
import FairleadModel
import Testing

@Suite("The kube-proxy document")
struct DocumentTests {
  private func read(_ text: String) throws -> KubeProxyDocument { try KubeProxyDocument(JSON(parsing: text)) }

  private func failure(_ text: String) -> Refusal? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return error as? Refusal
    }
  }

  @Test(
    "a sparse document stays sparse",
    arguments: [
      "{}", #"{"enabled":true,"mode":"NFTABLES"}"#, #"{"mode":"IPVS","ipvsConfig":{}}"#,
      #"{"enabled":true,"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection"}}"#,
      #"{"enabled":false,"mode":"IPVS","ipvsConfig":{"scheduler":"RoundRobin","udpTimeoutSeconds":30}}"#,
    ])
  func sparse(text: String) throws {
    let document = try read(text)
    #expect(document.config.json.text == text)
    #expect(document.notes.isEmpty)
  }

  @Test("null means unset, as az prints it")
  func nulls() throws {
    let document = try read(
      #"{"enabled":true,"ipvsConfig":{"scheduler":"LeastConnection","tcpTimeoutSeconds":null},"mode":"IPVS"}"#)
    #expect(
      document.config == KubeProxyConfig(enabled: true, mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection)))
    #expect(try read(#"{"ipvsConfig":null,"mode":"NFTABLES"}"#).config == KubeProxyConfig(mode: .nftables))
  }

  @Test("keys of old documents are normalised, with a note each")
  func oldKeys() throws {
    let document = try read(
      #"{"mode":"IPVS","ipvsConfig":{"TCPTimeoutSeconds":900,"TCPFINTimeoutSeconds":120,"UDPTimeoutSeconds":300}}"#)
    #expect(document.config.ipvs?.timeouts == [.tcp: 900, .tcpFin: 120, .udp: 300])
    #expect(document.notes.count == 3)
    #expect(document.notes.first?.contains("'TCPTimeoutSeconds' as 'tcpTimeoutSeconds'") == true)
  }

  @Test(
    "an invalid member is refused with its path, the nearest valid name or value, and the rule",
    arguments: [
      (#"{"mod":"IPVS"}"#, "config.mod", "mode", nil), (#"{"mode":"IPV"}"#, "config.mode", "IPVS", nil),
      (#"{"mode":"ipvs"}"#, "config.mode", "IPVS", nil), (#"{"mode":4}"#, "config.mode", nil, nil),
      (#"{"enabled":"yes"}"#, "config.enabled", nil, nil), (#"{"enabled":1}"#, "config.enabled", nil, nil),
      (
        #"{"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnections"}}"#, "config.ipvsConfig.scheduler",
        "LeastConnection", "VAL-04"
      ),
      (#"{"mode":"IPVS","ipvsConfig":{"tcpTimeout":1}}"#, "config.ipvsConfig.tcpTimeout", "tcpTimeoutSeconds", nil),
      (#"{"mode":"NFTABLES","ipvsConfig":{}}"#, "config.ipvsConfig", nil, "VAL-01"),
      (#"{"ipvsConfig":{"scheduler":"RoundRobin"}}"#, "config.ipvsConfig", nil, "VAL-01"),
      (#"{"mode":"IPVS","ipvsConfig":[]}"#, "config.ipvsConfig", nil, nil), (#"[]"#, "config", nil, nil),
      (#"{"mode":"IPVS","Mode":"IPVS"}"#, "config.mode", nil, nil),
    ] as [(String, String, String?, String?)])
  func refused(text: String, path: String, nearest: String?, rule: String?) throws {
    let refusal = try #require(failure(text))
    #expect(refusal.reason == .invalidParams(path: path, nearest: nearest, rule: rule))
    #expect(refusal.message.hasPrefix("cannot "))
  }

  @Test(
    "a document of another kind is refused as what it is, with where its configuration is",
    arguments: [
      (#"{"aadProfile":null,"networkProfile":{}}"#, MistakenDocument.managedCluster, "networkProfile.kubeProxyConfig"),
      (#"{"properties":{}}"#, .managedCluster, "'az aks show'"),
      (#"{"resources":[]}"#, .managedCluster, "'az aks show'"),
      (#"{"kubeProxyConfig":{"mode":"IPVS"}}"#, .wrapped(key: "kubeProxyConfig"), "inside of 'kubeProxyConfig'"),
      (#"{"revision":2,"config":{}}"#, .wrapped(key: "config"), "inside of 'config'"),
      (
        #"{"apiVersion":"v1","kind":"ConfigMap","mode":"ipvs"}"#, .kubernetes(kind: "ConfigMap"),
        "of the kind ConfigMap"
      ),
    ])
  func mistaken(text: String, kind: MistakenDocument, words: String) throws {
    #expect(try MistakenDocument(JSON(parsing: text)) == kind)
    let refusal = try #require(failure(text))
    #expect(refusal.reason == .invalidParams(path: "config"))
    #expect(refusal.message.contains(words))
  }

  @Test(
    "a configuration with mistakes is not taken for another document",
    arguments: [#"{"config":"IPVS"}"#, #"{"kind":"x"}"#, #"{"mod":1}"#, "{}", "[]"])
  func notMistaken(text: String) throws { #expect(try MistakenDocument(JSON(parsing: text)) == nil) }

  @Test(
    "a timeout is a positive whole number within int32",
    arguments: [
      ("0", "VAL-02"), ("-1", "VAL-02"), ("1.5", "VAL-02"), ("900.0", "VAL-02"), ("9e2", "VAL-02"),
      ("\"900\"", "VAL-02"),
      ("true", "VAL-02"), ("2147483648", nil), ("99999999999999999999", nil),
    ] as [(String, String?)])
  func timeouts(value: String, rule: String?) throws {
    for timeout in IPVSTimeout.allCases {
      let refusal = try #require(failure(#"{"mode":"IPVS","ipvsConfig":{"\#(timeout.rawValue)":\#(value)}}"#))
      #expect(refusal.reason == .invalidParams(path: "config.ipvsConfig.\(timeout.rawValue)", nearest: nil, rule: rule))
    }
    #expect(try read(#"{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":2147483647}}"#).config.ipvs != nil)
  }

  @Test(
    "effective values have the defaults filled in, and leave out values without effect",
    arguments: [
      ("{}", #"{"enabled":true,"mode":"IPTABLES"}"#),
      (#"{"mode":"IPVS"}"#, #"{"enabled":true,"mode":"IPVS","ipvsConfig":{"scheduler":"RoundRobin"}}"#),
      (#"{"enabled":false,"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":9}}"#, #"{"enabled":false}"#),
    ])
  func effective(text: String, effective: String) throws {
    #expect(try read(text).config.effective.json.text == effective)
  }

  @Test("a diff compares effective values, and says which come from a default")
  func diff() throws {
    let before = try read("{}").config
    let after = try read(#"{"enabled":true,"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":900}}"#).config
    #expect(
      DiffEntry.between(before, after) == [
        DiffEntry(path: "mode", before: "IPTABLES", after: "IPVS", beforeIsDefault: true),
        DiffEntry(path: "ipvsConfig.scheduler", before: .null, after: "RoundRobin", afterIsDefault: true),
        DiffEntry(path: "ipvsConfig.tcpTimeoutSeconds", before: .null, after: 900),
      ])
    #expect(DiffEntry.between(before, try read(#"{"mode":"IPTABLES"}"#).config).isEmpty)
    #expect(DiffEntry.between(nil, nil).isEmpty)
  }

  @Test("an unset timeout means the kernel's value, and is not equal to any number")
  func unsetTimeout() throws {
    let unset = try read(#"{"mode":"IPVS"}"#).config
    let kernelDefault = try read(#"{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":900}}"#).config
    #expect(unset.effective != kernelDefault.effective)
  }
}
