// Resource groups in the letters of all scripts: compared by their bytes but for A to Z, in memory and in the file alike.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import Testing

@Suite("Resource groups in all scripts")
struct ResourceGroupTests {
  let fixture: RegistryFixture

  /// Pairs that Swift takes for the same: two spellings of 'é', the Kelvin sign, the Angstrom sign, a syllable and its letters.
  private static let groups = [
    "caf\u{E9}", "cafe\u{301}", "K", "\u{212A}", "\u{212B}", "A\u{30A}", "\u{D55C}", "\u{1112}\u{1161}\u{11AB}", "生产環境",
    "стенд", "\u{C9}cole",
  ]

  init() throws {
    fixture = try RegistryFixture()
    for group in Self.groups { try fixture.call("cluster.create", "\(group)/web") }
  }

  private func bytes(_ text: String?) -> [UInt8] { Array((text ?? "").utf8) }

  private func groups(_ params: String = "{}") throws -> Set<[UInt8]> {
    Set(try fixture.call("cluster.list", nil, params).items("items").map { bytes($0.string("resourceGroup")) })
  }

  /// Each group has its own cluster, which is found by the bytes of its name.
  private func expectAll() throws {
    #expect(try groups() == Set(Self.groups.map(bytes)))
    for group in Self.groups {
      #expect(bytes(try fixture.call("cluster.get", "\(group)/WEB").string("resourceGroup")) == bytes(group))
      #expect(try groups("{\"resourceGroup\":\"\(group)\"}") == [bytes(group)])
      let watched = try fixture.registry.watched(WatchFilter(resourceGroup: group, name: "web"), after: 0).changes
      #expect(watched.map { bytes($0.subject) } == [bytes("\(group)/web")])
      #expect(try fixture.call("cluster.history", "\(group)/web").items("items").count == 1)
    }
  }

  @Test("Different bytes are different clusters, before and after a restart, and the tables are the log's")
  func different() throws {
    try expectAll()
    try fixture.reopen()
    try expectAll()
    while try fixture.registry.continueProjectionCheck() {}
    #expect(fixture.log.takeLines() == [])
    #expect(fixture.registry.health.reasons == [])
    #expect(try fixture.refuse("cluster.create", "CAFE\u{301}/web").kind == "already-exists")
  }

  @Test("A to Z are compared without case, and other letters are not")
  func lettersWithCase() throws {
    #expect(try fixture.call("cluster.get", "CAF\u{E9}/web").string("name") == "web")
    #expect(try fixture.call("cluster.get", "k/web").string("resourceGroup") == "K")
    #expect(try fixture.refuse("cluster.get", "CAF\u{C9}/web").kind == "not-found")
    #expect(try fixture.refuse("cluster.get", "\u{E9}cole/web").kind == "not-found")
  }

  @Test("Over all pages each cluster is listed once", arguments: 1...4)
  func pages(limit: Int) throws {
    var seen: [[UInt8]] = []
    var cursor: String?
    repeat {
      let after = cursor.map { ",\"after\":\"\($0)\"" } ?? ""
      let page = try fixture.call("cluster.list", nil, "{\"limit\":\(limit)\(after)}")
      seen += page.items("items").map { bytes($0.string("resourceGroup")) }
      cursor = page.string("after")
    } while cursor != nil && seen.count < 100
    #expect(seen.count == Self.groups.count)
    #expect(Set(seen) == Set(Self.groups.map(bytes)))
  }

  @Test("An apply may change two of them at once, and none twice")
  func apply() throws {
    func change(_ group: String) -> String {
      #"{"method":"cluster.update","params":{"resourceGroup":"\#(group)","name":"web","labels":{"a":"1"}}}"#
    }
    let both = try fixture.call("cluster.apply", nil, "{\"changes\":[\(change("caf\u{E9}")),\(change("cafe\u{301}"))]}")
    #expect(both.items("results").count == 2)
    let twice = try fixture.refuse(
      "cluster.apply", nil, "{\"changes\":[\(change("cafe\u{301}")),\(change("CAFE\u{301}"))]}")
    #expect(twice.string("data.path") == "changes[1].params.name")
  }

  @Test("The longest one is a cursor, too")
  func longest() throws {
    let group = String(repeating: "\u{20000}", count: 90)
    try fixture.call("cluster.create", "\(group)/web")
    let cursor = ClusterKey(resourceGroup: group, name: String(repeating: "w", count: 63)).folded
    let rest = try fixture.call("cluster.list", nil, "{\"after\":\"\(cursor)\"}").items("items")
    #expect(!rest.isEmpty && !rest.contains { bytes($0.string("resourceGroup")) == bytes(group) })
    #expect(try fixture.refuse("cluster.create", "\(group)a/web").string("data.path") == "resourceGroup")
  }
}
