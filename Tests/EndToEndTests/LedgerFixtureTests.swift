// Regression tests: today's daemon against the ledgers and transcripts of earlier ones, in Tests/Fixtures/Ledgers.

import ExactJSON
import Foundation
import Testing

/// A recorded ledger and the transcript that made it.
struct LedgerFixture: CustomTestStringConvertible {
  let name: String
  private static let folder = Repository.path("Tests/Fixtures/Ledgers")

  static let all: [LedgerFixture] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".db") }.sorted().map { LedgerFixture(name: String($0.dropLast(3))) }
  }()

  var testDescription: String { name }

  func transcript() throws -> Transcript { try Transcript(path: "\(Self.folder)/\(name).jsonl") }

  /// A copy of the ledger that a daemon may write to.
  func copy(in scratch: Scratch) throws -> String {
    let path = scratch.file("recorded.db")
    try FileManager.default.copyItem(atPath: "\(Self.folder)/\(name).db", toPath: path)
    return path
  }
}

@Suite("Ledgers of earlier daemons", .timeLimit(.minutes(5)))
struct LedgerFixtureTests {
  @Test("the folder has a recorded ledger")
  func exist() {
    #expect(!LedgerFixture.all.isEmpty)
  }

  @Test("reads of a recorded ledger give the recorded replies byte for byte", arguments: LedgerFixture.all)
  func reads(fixture: LedgerFixture) throws {
    let transcript = try fixture.transcript()
    let scratch = try Scratch()
    let player = try TranscriptPlayer(in: scratch, database: fixture.copy(in: scratch), replies: transcript.replies)
    try player.play(transcript.section("reads"), .exact)
    try player.play(transcript.section("plans"), .masked)
    try player.stop()
    let differences = player.differences.joined()
    #expect(differences.isEmpty)
  }

  @Test(
    "report.get on a recorded ledger gives each report as it was in the reply to its change",
    arguments: LedgerFixture.all)
  func reports(fixture: LedgerFixture) throws {
    let scratch = try Scratch()
    let daemon = try RunningDaemon(in: scratch, database: fixture.copy(in: scratch))
    let client = try daemon.connect()
    var compared = 0
    for reply in try fixture.transcript().replies.values {
      let result = try JSON(parsing: reply)["result"]
      let outcomes = result?["results"]?.arrayValue?.compactMap { $0["outcome"] } ?? []
      for outcome in [result].compactMap({ $0 }) + outcomes {
        guard let seq = outcome["seq"]?.intValue, let report = outcome["report"] else { continue }
        let stored = try client.call("report.get", ["seq": .integer(seq)])
        #expect(stored.text.utf8.elementsEqual(report.text.utf8), "change \(seq)")
        compared += 1
      }
    }
    #expect(compared >= 100)
    #expect(daemon.stop() == 0)
  }

  @Test(
    "a recorded change that is repeated with its requestId gets the recorded reply, and nothing is recorded",
    .enabled(if: getuid() == 0, "a requestId is one uid's, and root recorded the ledgers"),
    arguments: LedgerFixture.all)
  func repeats(fixture: LedgerFixture) throws {
    let transcript = try fixture.transcript()
    let scratch = try Scratch()
    let player = try TranscriptPlayer(in: scratch, database: fixture.copy(in: scratch), replies: transcript.replies)
    let health = #"{"jsonrpc":"2.0","id":0,"method":"registry.health"}"#
    let before = try player.ask(health)
    var repeated: Set<String> = []
    for line in try transcript.section("story") {
      guard case .send(_, let text) = line.step, let request = try? JSON(parsing: text),
        let key = request["params"]?["requestId"]?.stringValue, let id = request["id"]?.intValue,
        let recorded = transcript.replies[id], try JSON(parsing: recorded)["result"]?["seq"]?.intValue != nil
      else { continue }
      let now = try #require(try player.ask(text))
      #expect(now.utf8.elementsEqual(recorded.utf8), "line \(line.number)")
      repeated.insert(key)
    }
    #expect(repeated.count >= 15)
    #expect(try player.ask(health) == before)
    try player.stop()
  }

  @Test(
    "the recorded requests on an empty ledger get the recorded replies, except for actors and times",
    arguments: LedgerFixture.all)
  func replay(fixture: LedgerFixture) throws {
    let transcript = try fixture.transcript()
    let player = try TranscriptPlayer(in: Scratch())
    for section in ["story", "reads", "plans"] { try player.play(transcript.section(section), .masked) }
    try player.stop()
    let differences = player.differences.joined()
    #expect(differences.isEmpty)
  }
}
