// A page of clusters that is read in several steps, between which clusters change.

import ExactJSON
import FairleadModel
import FairleadService
import Testing

@Suite("A page of clusters in steps")
struct ClusterPageTests {
  let fixture: RegistryFixture

  /// More clusters than a step examines: `c10000` to `c11199`. One in a hundred has the label.
  init() throws {
    fixture = try RegistryFixture()
    try create(10_000..<11_200) { $0.isMultiple(of: 100) ? #"{"a":"b"}"# : "{}" }
  }

  private func create(_ numbers: Range<Int>, labels: (Int) -> String) throws {
    let changes = numbers.map {
      #"{"method":"cluster.create","params":{"resourceGroup":"rg","name":"c\#($0)","labels":\#(labels($0))}}"#
    }
    try fixture.call("cluster.apply", nil, #"{"detail":"summary","changes":[\#(changes.joined(separator: ","))]}"#)
  }

  private func names(_ text: [UInt8]) -> [String] { JSON(written: text).items("items").map { $0.string("name") ?? "" } }

  private let labelled = ClusterFilter(labels: ["a": "b"])

  @Test("a page is read in steps, and is the same as one that nothing interrupts")
  func steps() throws {
    let page = fixture.registry.clusters(labelled, Page(limit: 1000))
    #expect(try page.step() == nil)
    #expect(try page.step() == nil)
    #expect(names(try page.complete()) == (100..<112).map { "c\($0)00" })
  }

  @Test("a full page ends at the first step, whatever follows")
  func full() throws {
    let page = fixture.registry.clusters(ClusterFilter(), Page(limit: 3))
    let text = try #require(try page.step())
    #expect(names(text) == ["c10000", "c10001", "c10002"])
    #expect(JSON(written: text).string("after") == "default/rg/c10002")
  }

  @Test("what changes between two steps is in the page as it is at the last one, examined before or not")
  func changesBetweenSteps() throws {
    let page = fixture.registry.clusters(labelled, Page(limit: 1000))
    #expect(try page.step() == nil)
    try fixture.call("cluster.update", "rg/c10000", #"{"labels":{"a":null}}"#)
    try fixture.call("cluster.update", "rg/c10001", #"{"labels":{"a":"b"}}"#)
    try fixture.call("cluster.update", "rg/c10100", #"{"labels":{"c":"d"}}"#)
    try fixture.call("cluster.delete", "rg/c10200")
    try fixture.call("cluster.create", "rg/c102", #"{"labels":{"a":"b"}}"#)
    try fixture.call("cluster.update", "rg/c11199", #"{"labels":{"a":"b"}}"#)
    #expect(try page.step() == nil)
    try fixture.call("cluster.delete", "rg/c10001")
    let text = try page.complete()
    #expect(
      names(text) == ["c10100", "c102"] + (103..<112).map { "c\($0)00" } + ["c11199"])
    #expect(JSON(written: text).items("items").first?.string("labels.c") == "d")
    #expect(text == (try fixture.registry.clusters(labelled, Page(limit: 1000)).complete()))
  }

  @Test("where more has changed between two steps than is worth reading again, the page begins anew and still ends")
  func muchBetweenSteps() throws {
    let page = fixture.registry.clusters(labelled, Page(limit: 1000))
    var text: [UInt8]?
    var rounds = 0
    while text == nil, rounds < 10 {
      text = try page.step()
      if text == nil { try create((20_000 + rounds * 1100)..<(21_100 + rounds * 1100)) { _ in "{}" } }
      rounds += 1
    }
    #expect(names(try #require(text)) == (100..<112).map { "c\($0)00" })
    #expect(rounds < 10)
  }

  @Test("a page ends before it is longer than the limit of bytes, and the next one goes on from there")
  func bytes() throws {
    let (key, value) = (String(repeating: "x", count: 55), String(repeating: "y", count: 256))
    let labels = (10..<74).map { #""k\#($0)\#(key)":"\#(value)""# }
    try create(30_000..<30_300) { _ in "{" + labels.joined(separator: ",") + "}" }
    var all: [String] = []
    var after: String? = "default/rg/c3"
    var pages = 0
    repeat {
      let text = try fixture.registry.clusters(ClusterFilter(), Page(limit: 1000, after: after)).complete()
      #expect(text.count <= Limits.pageBytes + 1500)
      all += names(text)
      after = JSON(written: text).string("after")
      pages += 1
    } while after != nil && pages < 10
    #expect(all == (30_000..<30_300).map { "c\($0)" })
    #expect(pages == 2)
  }
}
