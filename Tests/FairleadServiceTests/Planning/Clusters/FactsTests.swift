// Facts and labels: they merge key by key, and a change of them alone makes no revision.

import ExactJSON
import Testing

@Suite("Facts and labels")
struct FactsTests {
  let fixture: RegistryFixture
  /// The number of the change that created `rg/web`.
  let created: Int

  init() throws {
    fixture = try .ready()
    created = try fixture.record(
      "cluster.create", "rg/web",
      #"{"config":{"mode":"IPVS"},"facts":{"nodeCount":3,"kubernetesVersion":"1.33"},"labels":{"a":"1","b":"2"}}"#)
  }

  @Test("Facts and labels merge key by key, and null clears one")
  func merge() throws {
    let answer = try fixture.call(
      "cluster.update", "rg/web",
      #"{"facts":{"nodeCount":null,"serviceCount":9},"labels":{"a":null,"b":"3","c":"4"}}"#)
    #expect(answer.at("cluster.facts")?.text == #"{"kubernetesVersion":"1.33","serviceCount":9}"#)
    #expect(answer.at("cluster.labels")?.text == #"{"b":"3","c":"4"}"#)
    #expect(
      answer.diff == [
        "facts.nodeCount: 3 -> null", "facts.serviceCount: null -> 9", #"labels.a: "1" -> null"#,
        #"labels.b: "2" -> "3""#, #"labels.c: null -> "4""#,
      ])
  }

  @Test("A label in another spelling of the same letters is a change, and a list finds each by its bytes")
  func labelBytes() throws {
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"unit":"\u212B"}}"#)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"labels":{"unit":"A\u030A"}}"#)
    #expect(answer.diff == ["labels.unit: \"\u{212B}\" -> \"A\u{30A}\""])
    #expect(answer.at("cluster.labels.unit") == .string("A\u{30A}"))
    for (text, count) in [(#"A\u030A"#, 1), (#"\u212B"#, 0), (#"\u00C5"#, 0)] {
      #expect(
        try fixture.call("cluster.list", nil, "{\"labels\":{\"unit\":\"\(text)\"}}").items("items").count == count)
    }
  }

  @Test("A change of facts makes no revision, moves updatedSeq, and says that only they change")
  func noRevision() throws {
    fixture.clock.advance(5)
    let answer = try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":4}}"#)
    #expect(answer.seq == created + 1)
    #expect(answer.int("revision") == 1)
    #expect(answer.int("cluster.updatedSeq") == created + 1)
    #expect(answer.string("cluster.updatedAt") == "2026-11-18T11:06:45.000Z")
    #expect(answer.string("cluster.createdAt") == "2026-11-18T11:06:40.000Z")
    #expect(answer.strings("report.notes").contains { $0.contains("Only facts and labels") })
    #expect(answer.at("report.rollback") == nil)
    #expect(try fixture.call("change.get", nil, "{\"seq\":\(created + 1)}")["revision"] == nil)
  }

  @Test("Findings that new facts cause in the current configuration are standing, and the verdict is none")
  func standing() throws {
    let answer = try fixture.call(
      "cluster.update", "rg/web", #"{"facts":{"kubernetesVersion":"1.41","networkPolicy":"azure"}}"#)
    #expect(answer.rules.contains("(LIFE-01)"))
    #expect(answer.rules.contains("(POL-01)"))
    #expect(answer.rules.allSatisfy { $0.hasPrefix("(") })
    #expect(answer.verdict == "none")
    let labelled = try fixture.call("cluster.update", "rg/web", #"{"labels":{"env":"prod"}}"#)
    #expect(labelled.rules == answer.rules)
    #expect(labelled.verdict == "none")
    #expect(answer.seq == created + 1)
  }

  @Test("A change of facts and labels is never refused by a gate or a rule")
  func neverRefused() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    let answer = try fixture.call(
      "cluster.update", "rg/web", #"{"facts":{"networkPolicy":"azure"},"apiVersion":"2020-01-01"}"#)
    #expect(answer.items("report.prerequisites").isEmpty)
    #expect(answer.at("seq") != .null)
  }

  @Test(
    "A change to the recorded values records nothing",
    arguments: [
      #"{"facts":{"nodeCount":3}}"#, #"{"labels":{"a":"1"}}"#, #"{"facts":{"serviceCount":null}}"#,
      #"{"labels":{"z":null}}"#, #"{"facts":{},"labels":{}}"#,
    ])
  func same(params: String) throws {
    let answer = try fixture.call("cluster.update", "rg/web", params)
    #expect(answer["seq"] == .null)
    #expect(answer.diff.isEmpty)
    #expect(fixture.lastSeq == created)
  }

  @Test("A version in another spelling is stored in the new spelling")
  func spelling() throws {
    let answer = try fixture.call("cluster.update", "rg/web", #"{"facts":{"kubernetesVersion":"1.33.0"}}"#)
    #expect(answer.seq == created + 1)
    #expect(answer.diff == [#"facts.kubernetesVersion: "1.33" -> "1.33.0""#])
    #expect(try fixture.call("cluster.get", "rg/web") == answer["cluster"])
  }

  @Test("A label in another Unicode normalisation is stored and found in the new one")
  func composition() throws {
    try fixture.call("cluster.update", "rg/web", "{\"labels\":{\"city\":\"Z\u{FC}rich\"}}")
    let answer = try fixture.call("cluster.update", "rg/web", "{\"labels\":{\"city\":\"Zu\u{308}rich\"}}")
    #expect(answer.seq == created + 2)
    #expect(answer.diff.count == 1)
    let found = try fixture.call("cluster.list", nil, "{\"labels\":{\"city\":\"Zu\u{308}rich\"}}")
    #expect(found.items("items").map(\.text) == [answer["cluster"]?.text])
  }

  @Test("A 65th label is refused, also if the labels are added one by one")
  func tooManyLabels() throws {
    let many = (1...62).map { #""l\#($0)":"x""# }.joined(separator: ",")
    try fixture.call("cluster.update", "rg/web", "{\"labels\":{\(many)}}")
    let error = try fixture.refuse("cluster.update", "rg/web", #"{"labels":{"one-more":"x"}}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "labels")
    #expect(error.message.contains("rg/web") && error.message.contains("64"))
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"one-more":"x","a":null}}"#)
  }

  @Test("An unknown fact is refused with the nearest one")
  func unknownFact() throws {
    let error = try fixture.refuse("cluster.update", "rg/web", #"{"facts":{"nodecount":3}}"#)
    #expect(error.kind == "invalid-params")
    #expect(error.string("data.path") == "facts.nodecount")
    #expect(error.string("data.nearest") == "nodeCount")
  }
}
