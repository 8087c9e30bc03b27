// The methods: which parameters each accepts, and that it refuses others.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadWire
import Foundation
import Testing

@Suite("Methods")
struct MethodTests {
  private func call(_ method: String, _ params: String) throws -> Call {
    guard case .object(let object) = try JSON(parsing: params) else { throw Refusal(.invalidRequest, "cannot") }
    return try Method.named(method).call(object)
  }

  private func reason(_ method: String, _ params: String) -> Refusal.Reason? {
    do {
      _ = try call(method, params)
      return nil
    } catch {
      return (error as? Refusal)?.reason
    }
  }

  @Test("the methods are exactly those of the protocol")
  func methods() {
    #expect(
      Method.all.map(\.name) == [
        "cluster.create", "cluster.update", "cluster.rollback", "cluster.confirm", "cluster.delete", "cluster.apply",
        "cluster.get", "cluster.list", "cluster.history", "cluster.diff", "feature.register", "feature.unregister",
        "feature.get", "feature.list",
        "provider.register", "provider.unregister", "provider.get", "provider.list", "extension.set", "extension.get",
        "extension.list", "change.get", "change.list", "change.watch", "report.get", "registry.describe",
        "registry.health",
        "rpc.discover",
      ])
  }

  @Test("a change needs the role operate, and every other method the role read")
  func roles() {
    for method in Method.all {
      let isChange = method.parameters.contains { $0.name == "dryRun" }
      #expect(method.role == (isChange ? .operate : .read), "\(method.name)")
    }
  }

  @Test("a selection has one name in every method, and its older one is taken too, but not both")
  func selections() throws {
    for method in ["cluster.list", "change.watch"] {
      #expect(try call(method, #"{"label":{"a":"b"}}"#) == call(method, #"{"labels":{"a":"b"}}"#))
    }
    for method in ["change.list", "change.watch"] {
      #expect(try call(method, #"{"kind":"cluster"}"#) == call(method, #"{"kinds":["cluster"]}"#))
      #expect(reason(method, #"{"kind":"cluster","kinds":["cluster"]}"#) == .invalidParams(path: "kind"))
      #expect(reason(method, #"{"kinds":["clusters"]}"#) == .invalidParams(path: "kinds", nearest: "cluster"))
      #expect(reason(method, #"{"kinds":[]}"#) == .invalidParams(path: "kinds"))
    }
    #expect(reason("cluster.list", #"{"label":{},"labels":{}}"#) == .invalidParams(path: "label"))
  }

  @Test("a misspelt method is refused with the nearest")
  func misspelt() {
    #expect(reason("cluster.udpate", "{}") == .unknownMethod(nearest: "cluster.update"))
    #expect(reason("frobnicate", "{}") == .unknownMethod(nearest: nil))
  }

  @Test("a misspelt parameter is refused with the nearest, in every method", arguments: Method.all.map(\.name))
  func misspeltParameter(name: String) throws {
    let method = try Method.named(name)
    let params: JSONObject = ["zzzzzzzzzzzz": 1]
    #expect(throws: Refusal.self) { try method.call(params) }
    guard let known = method.parameters.last?.name else { return }
    let near: JSONObject = ["\(known)x": 1]
    do {
      _ = try method.call(near)
      Issue.record("\(known)x was taken")
    } catch {
      guard case .parameter(let path, let nearest, _) = error.detail else {
        Issue.record("\(error)")
        return
      }
      #expect(path == "\(known)x")
      #expect(nearest == known)
    }
  }

  @Test("a change is decoded with its guards and its parameters in canonical form")
  func change() throws {
    let call = try call(
      "cluster.update",
      #"{"name":"web","resourceGroup":"rg","config":{"mode":"NFTABLES"},"facts":{"nodeCount":null},"labels":{"a":"b"},"#
        + #""ifRevision":3,"message":"why","override":["POL-01"],"requestId":"r1","apiVersion":"2025-09-02-preview"}"#)
    guard case .change(.updateCluster(let key, let patch), let options) = call else {
      Issue.record("\(call)")
      return
    }
    #expect(key == ClusterKey(resourceGroup: "rg", name: "web"))
    #expect(patch.document?.config == KubeProxyConfig(mode: .nftables))
    #expect(patch.facts == FactsPatch([.nodeCount: nil]))
    #expect(patch.labels == LabelsPatch(["a": "b"]))
    #expect(patch.apiVersion.text == "2025-09-02-preview")
    #expect(options.ifRevision == 3)
    #expect(options.message == "why")
    #expect(options.overrides == ["POL-01"])
    #expect(options.requestID == "r1")
    #expect(options.dryRun == false)
    #expect(options.params.text.hasPrefix(#"{"apiVersion":"2025-09-02-preview","config":{"mode":"NFTABLES"},"facts":"#))
  }

  @Test(
    "null is refused for a guard",
    arguments: ["ifRevision", "ifSeq", "planDigest", "dryRun", "override", "requestId", "confirmWithinSeconds"])
  func nullGuard(key: String) {
    #expect(
      reason("cluster.update", #"{"resourceGroup":"rg","name":"web","\#(key)":null}"#) == .invalidParams(path: key))
  }

  @Test(
    "confirmWithinSeconds in a method without it is refused with the reason, and not as a misspelt parameter",
    arguments: [
      ("cluster.create", "no configuration before it"), ("cluster.delete", "cluster.rollback"),
      ("cluster.confirm", "only cluster.update and cluster.rollback"),
      ("feature.register", "only cluster.update and cluster.rollback"),
      ("extension.set", "only cluster.update and cluster.rollback"),
    ])
  func misplacedConfirm(method: String, why: String) throws {
    let refusal = #expect(throws: Refusal.self) { try self.call(method, #"{"confirmWithinSeconds":60}"#) }
    #expect(refusal?.reason == .invalidParams(path: "confirmWithinSeconds"))
    #expect(refusal?.message.contains(why) == true, "\(refusal?.message ?? "")")
    #expect(reason("cluster.get", #"{"confirmWithinSeconds":60}"#) != nil)
  }

  @Test("confirmWithinSeconds is decoded, and is part of what a plan's digest covers")
  func confirmWithin() throws {
    let params = #"{"resourceGroup":"rg","name":"web","confirmWithinSeconds":600}"#
    guard case .change(.updateCluster, let options) = try call("cluster.update", params) else {
      Issue.record("no update")
      return
    }
    #expect(options.confirmWithinSeconds == 600)
    #expect(options.params.text.contains("confirmWithinSeconds"))
    #expect(!ChangeOptions.executionParameters.contains("confirmWithinSeconds"))
  }

  @Test("cluster.get takes a revision or a time, not both")
  func moment() throws {
    let name = #""resourceGroup":"rg","name":"web""#
    let key = ClusterKey(resourceGroup: "rg", name: "web")
    #expect(try call("cluster.get", "{\(name)}") == .read(.cluster(key, .now)))
    #expect(try call("cluster.get", "{\(name),\"revision\":2}") == .read(.cluster(key, .revision(2))))
    let time = try #require(Timestamp("2026-11-22"))
    #expect(try call("cluster.get", "{\(name),\"at\":\"2026-11-22\"}") == .read(.cluster(key, .at(time))))
    #expect(reason("cluster.get", "{\(name),\"at\":\"2026-11-22\",\"revision\":2}") != nil)
    #expect(reason("cluster.get", "{\(name),\"at\":\"soon\"}") == .invalidParams(path: "at"))
    #expect(reason("cluster.get", "{\(name),\"revision\":0}") == .invalidParams(path: "revision"))
  }

  @Test(
    "an invalid value of a parameter is refused with its path",
    arguments: [
      ("cluster.get", #"{"name":"web"}"#, "resourceGroup"), ("cluster.get", #"{"resourceGroup":"rg"}"#, "name"),
      ("cluster.get", #"{"resourceGroup":"rg","name":7}"#, "name"),
      ("cluster.get", #"{"resourceGroup":"rg.","name":"web"}"#, "resourceGroup"),
      ("cluster.get", #"{"resourceGroup":"rg","name":"café"}"#, "name"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","ifRevision":-1}"#, "ifRevision"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","ifRevision":"3"}"#, "ifRevision"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","ifRevision":1.0}"#, "ifRevision"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","override":"POL-01"}"#, "override"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","requestId":""}"#, "requestId"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","apiVersion":"latest"}"#, "apiVersion"),
      ("cluster.rollback", #"{"resourceGroup":"rg","name":"web","toRevision":0}"#, "toRevision"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","confirmWithinSeconds":0}"#, "confirmWithinSeconds"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","confirmWithinSeconds":604801}"#, "confirmWithinSeconds"),
      ("cluster.update", #"{"resourceGroup":"rg","name":"web","confirmWithinSeconds":"10m"}"#, "confirmWithinSeconds"),
      ("cluster.rollback", #"{"resourceGroup":"rg","name":"web","confirmWithinSeconds":1.5}"#, "confirmWithinSeconds"),
      ("cluster.confirm", #"{"resourceGroup":"rg","name":"web","seq":0}"#, "seq"),
      ("cluster.list", #"{"limit":0}"#, "limit"), ("cluster.list", #"{"limit":1001}"#, "limit"),
      ("cluster.list", #"{"labels":{"env":null}}"#, "labels.env"), ("change.get", "{}", "seq"),
      ("change.list", #"{"kind":"clusters"}"#, "kind"), ("change.list", #"{"resourceGroup":"rg"}"#, "name"),
      ("change.watch", #"{"kinds":["clusters"]}"#, "kinds"),
      ("change.watch", #"{"kinds":[]}"#, "kinds"), ("change.watch", #"{"name":"web"}"#, "name"),
      ("extension.set", #"{"name":"aks preview"}"#, "name"), ("feature.get", #"{"namespace":"M.C"}"#, "name"),
    ])
  func badParameters(method: String, params: String, path: String) throws {
    guard case .parameter(let at, _, _)? = reason(method, params)?.detail else {
      Issue.record("\(method) \(params) was not refused as invalid")
      return
    }
    #expect(at == path)
  }

  @Test(
    "a number that is no integer of 64 bits is refused for what it is",
    arguments: [
      (
        "change.get", #"{"seq":18446744073709551616}"#,
        "18446744073709551616 for seq: it is an integer, of at most 64 bits"
      ),
      (
        "change.list", #"{"after":-9223372036854775809}"#,
        "-9223372036854775809 for after: it is an integer, of at most 64 bits"
      ),
      ("cluster.list", #"{"limit":900.0}"#, "900.0 for limit: it is an integer, written without fraction and exponent"),
      ("cluster.list", #"{"limit":9e2}"#, "9e2 for limit: it is an integer, written without fraction and exponent"),
      ("change.list", #"{"after":-0}"#, "-0 for after: it is an integer, and zero has no sign"),
      (
        "cluster.update", #"{"resourceGroup":"rg","name":"web","facts":{"nodeCount":900.0}}"#,
        "900.0 for facts.nodeCount: it is a whole number from 0 to 2147483647, written without fraction and exponent"
      ),
      (
        "cluster.update", #"{"resourceGroup":"rg","name":"web","facts":{"nodeCount":18446744073709551616}}"#,
        "18446744073709551616 for facts.nodeCount: it is a whole number from 0 to 2147483647"
      ),
      (
        "cluster.update",
        #"{"resourceGroup":"rg","name":"web","config":{"mode":"IPVS","ipvsConfig":{"tcpTimeoutSeconds":900.0}}}"#,
        "900.0 for config.ipvsConfig.tcpTimeoutSeconds: it is a positive whole number of seconds, written without fraction "
          + "and exponent; to keep what the kernel has, leave the key out"
      ),
    ])
  func notIntegers(method: String, params: String, message: String) {
    let refusal = #expect(throws: Refusal.self) { try self.call(method, params) }
    #expect(refusal?.message == "cannot take " + message)
  }

  @Test(
    "a text that a person is to read has something to see, and no character that acts on what shows it",
    arguments: [
      // The reason of an override that nobody can read, and a message that SQL's text functions would cut.
      (#""override":["POL-01"],"message":"\u0000""#, "message"),
      (#""message":"asked for by ops\u0000 and nobody else""#, "message"), (#""message":"""#, "message"),
      (#""message":" \n\t""#, "message"), (#""message":"\u200b\u2060""#, "message"),
      (#""message":"\u3164""#, "message"),
      (#""message":"\u2800""#, "message"), (#""labels":{"env":" "}"#, "labels.env"),
      (#""labels":{"env":"\ufeff"}"#, "labels.env"), (#""labels":{"env":"a\tb"}"#, "labels.env"),
    ])
  func unreadable(member: String, path: String) {
    #expect(reason("cluster.update", #"{"resourceGroup":"rg","name":"web",\#(member)}"#) == .invalidParams(path: path))
  }

  @Test("line feeds and tabs lay a message out, and an empty label is one without a value")
  func readable() throws {
    _ = try call(
      "cluster.update", #"{"resourceGroup":"rg","name":"web","message":"\tJosé\n","labels":{"env":"","owner":"é"}}"#)
  }

  @Test(
    "more items or a longer text than a parameter can have is refused with its path",
    arguments: [
      ("cluster.update", "override", JSON.array(Array(repeating: "ENV-01", count: Limits.overrides + 1))),
      ("change.watch", "kinds", .array(Array(repeating: "cluster", count: ResourceKind.allCases.count + 1))),
      ("cluster.list", "after", .string(String(repeating: "x", count: Limits.selectorBytes + 1))),
      ("cluster.list", "resourceGroup", .string(String(repeating: "x", count: Limits.selectorBytes + 1))),
      ("change.watch", "name", .string(String(repeating: "x", count: Limits.selectorBytes + 1))),
      ("cluster.update", "labels", MethodTests.labels(Limits.labels + 1)),
      ("cluster.list", "labels", MethodTests.labels(Limits.labels + 1)),
      ("change.watch", "label", MethodTests.labels(Limits.labels + 1)),
    ])
  func tooMuch(method: String, key: String, value: JSON) throws {
    var params = JSONObject()
    for parameter in try Method.named(method).parameters where parameter.required { params[parameter.name] = "abc" }
    params["resourceGroup"] = "rg"
    params[key] = value
    #expect(reason(method, JSON.object(params).text) == .invalidParams(path: key))
  }

  private static func labels(_ count: Int) -> JSON {
    .object(JSONObject((0..<count).map { .init(key: "k\($0)", value: "v") }))
  }

  @Test("an update may remove every label of a cluster and set as many")
  func replacedLabels() throws {
    let labels = (0..<Limits.jsonMembers).map { "\"k\($0)\":\($0 < Limits.labels ? "null" : "\"v\"")" }
    _ = try call("cluster.update", #"{"resourceGroup":"rg","name":"web","labels":{\#(labels.joined(separator: ","))}}"#)
  }

  @Test("a long name is quoted by its beginning")
  func longNames() throws {
    let name = String(repeating: "x", count: 10_000)
    let unknown = #expect(throws: Refusal.self) { try Method.named(name) }
    #expect(
      unknown?.message.hasSuffix("... (10000 bytes)': there is no such method; rpc.discover lists them all") == true)
    for params in [#"{"\#(name)":1}"#, #"{"resourceGroup":"\#(name)","name":"web"}"#] {
      let refusal = #expect(throws: Refusal.self) { try self.call("cluster.get", params) }
      #expect(refusal.map { $0.message.utf8.count < 1000 } == true)
    }
  }

  @Test("the service description is equal to Clients/schema/openrpc.json")
  func openRPC() throws {
    let copy = Repository.root.appending(path: "Clients/schema/openrpc.json")
    let text = OpenRPC.document.prettyText + "\n"
    if ProcessInfo.processInfo.environment["FAIRLEAD_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: copy)
    }
    #expect(try String(contentsOf: copy, encoding: .utf8) == text, "FAIRLEAD_RECORD=1 swift test writes it anew")
  }

  @Test("every schema that the service description refers to is in it")
  func schemas() throws {
    let text = OpenRPC.document.text
    for piece in text.split(separator: "#/components/schemas/").dropFirst() {
      let name = String(piece.prefix { $0 != "\"" })
      #expect(Schema.components[name] != nil, "\(name)")
    }
  }
}
