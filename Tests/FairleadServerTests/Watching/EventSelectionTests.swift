// Which events a watch selects: the quick comparison of labels never differs from the exact one.

import FairleadModel
@testable import FairleadServer
import Testing

@Suite("The selection of events")
struct EventSelectionTests {
  private let labels = Dictionary(
    uniqueKeysWithValues: (0..<64).map { ("key\($0)", String(repeating: "v\($0)", count: 60)) })

  @Test("a filter with every label passes, and one that differs in a single label does not, whichever it is")
  func nearlyAll() {
    let event = LabelHashes(labels)
    #expect(LabelHashes(labels).firstMissing(in: event) == nil)
    for key in labels.keys {
      var other = labels
      other[key]? += "!"
      let missing = LabelHashes(other).firstMissing(in: event)
      #expect(missing != nil)
      #expect(missing.map(event.contains) == false)
      other[key] = nil
      #expect(LabelHashes(other).firstMissing(in: event) == nil)
      #expect(event.firstMissing(in: LabelHashes(other)) != nil)
    }
  }

  @Test("no label is missing where none is asked for, and each is where the change is about no cluster")
  func none() {
    #expect(LabelHashes([:]).firstMissing(in: LabelHashes(labels)) == nil)
    #expect(LabelHashes(labels).firstMissing(in: LabelHashes([:])) != nil)
  }

  @Test("values are compared by their bytes, as the log compares them")
  func bytes() {
    let (composed, decomposed) = ("\u{e9}", "e\u{301}")
    #expect(composed == decomposed)
    #expect(LabelHashes(["a": composed]).firstMissing(in: LabelHashes(["a": decomposed])) != nil)
  }
}
