// Facts and labels: valid values, and how a request's are merged into the recorded ones.

import ExactJSON
import FairleadModel
import Testing

@Suite("Facts and labels")
struct FactsTests {
  private func patch(_ text: String) throws -> FactsPatch {
    try FactsPatch(JSONObjectDecoder(JSON(parsing: text), path: "facts", allowedKeys: nil))
  }

  @Test("facts merge key by key, and null clears one")
  func merge() throws {
    var facts = ClusterFacts()
    facts.apply(try patch(#"{"nodeCount":3,"networkPolicy":"azure","usesNodePorts":false,"kubernetesVersion":"1.33"}"#))
    facts.apply(try patch(#"{"nodeCount":4,"networkPolicy":null}"#))
    #expect(facts.json.text == #"{"kubernetesVersion":"1.33","nodeCount":4,"usesNodePorts":false}"#)
    #expect(facts.word(.networkPolicy) == nil)
    #expect(facts.bool(.usesNodePorts) == false)
  }

  @Test(
    "a fact of the wrong kind is refused at its path",
    arguments: [
      (#"{"nodeCount":-1}"#, "facts.nodeCount", nil), (#"{"nodeCount":1.5}"#, "facts.nodeCount", nil),
      (#"{"nodeCount":"3"}"#, "facts.nodeCount", nil), (#"{"nodeCount":2147483648}"#, "facts.nodeCount", nil),
      (#"{"kubernetesVersion":"banana"}"#, "facts.kubernetesVersion", nil),
      (#"{"kubernetesVersion":1.33}"#, "facts.kubernetesVersion", nil),
      (#"{"networkPolicy":"calcio"}"#, "facts.networkPolicy", "calico"),
      (#"{"usesNodePorts":"true"}"#, "facts.usesNodePorts", nil),
      (#"{"nodeCont":3}"#, "facts.nodeCont", "nodeCount"),
    ] as [(String, String, String?)])
  func wrongKind(text: String, path: String, nearest: String?) {
    #expect {
      try patch(text)
    } throws: { error in
      (error as? Refusal)?.reason == .invalidParams(path: path, nearest: nearest, rule: nil)
    }
  }

  @Test("labels merge too, and hold no control characters")
  func labels() throws {
    var labels = Labels()
    labels.apply(
      try LabelsPatch(JSONObjectDecoder(["env": "prod", "team": "net"] as JSON, path: "labels", allowedKeys: nil)))
    labels.apply(
      try LabelsPatch(JSONObjectDecoder(["env": .null, "a/b.c": "ü"] as JSON, path: "labels", allowedKeys: nil)))
    #expect(labels.json.text == #"{"a/b.c":"ü","team":"net"}"#)
    for bad: JSON in [["": "x"], ["a b": "x"], ["a": "x\u{1b}[31m"], ["a": 1]] {
      #expect(throws: Refusal.self) { try LabelsPatch(JSONObjectDecoder(bad, path: "labels", allowedKeys: nil)) }
    }
  }
}
