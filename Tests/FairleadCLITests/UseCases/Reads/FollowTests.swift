// `fairlead log --follow`: every change once and in order, also when the daemon stops and starts again.

@testable internal import FairleadCLI
internal import ExactJSON
internal import Testing

@Suite("Following the log")
struct FollowTests {
  private static let absent = Failure.unreachable("cannot reach the daemon: nobody listens on s")

  static func seqs(_ out: String) throws -> [Int] {
    try out.split(separator: "\n").map { try JSON(parsing: String($0))["seq"]?.intValue ?? 0 }
  }

  @Test("It prints the log so far, then each new change, as JSON objects of one line, over one connection")
  func json() throws {
    let outcome = try fairlead(["log", "-f", "-o", "json"], log: ScriptedLog(lastSeq: 2, [.grows(1), .grows(3)]))
    #expect(outcome.status == .done)
    #expect(try Self.seqs(outcome.out) == [1, 2, 3, 4, 5, 6])
    #expect(outcome.requests == ["change.watch {\"after\":0}"])
  }

  @Test("It starts after --after, and ends after --limit changes")
  func bounds() throws {
    let outcome = try fairlead(
      ["log", "--follow", "--after", "2", "--limit", "3", "-o", "json"], log: ScriptedLog(lastSeq: 9, [.grows(1)]))
    #expect(try Self.seqs(outcome.out) == [3, 4, 5])
    #expect(outcome.status == .done)
  }

  @Test("As text it prints the table of 'log' with one header")
  func text() throws {
    let outcome = try fairlead(["log", "-f"], log: ScriptedLog(lastSeq: 1, [.grows(1)]))
    let lines = outcome.out.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("CHANGE"))
    #expect(lines[2].hasSuffix("step 2"))
  }

  @Test("When the daemon stops, one note is printed, and it continues with the next change once the daemon is back")
  func restart() throws {
    let log = ScriptedLog(
      lastSeq: 2, [.breaks, .refuses(Self.absent), .refuses(Self.absent), .refuses(Self.absent), .grows(2)])
    let outcome = try fairlead(["log", "-f", "-o", "json"], pauses: 4, log: log)
    #expect(try Self.seqs(outcome.out) == [1, 2, 3, 4])
    #expect(
      outcome.requests == ["change.watch {\"after\":0}"] + Array(repeating: "change.watch {\"after\":2}", count: 4))
    #expect(
      outcome.err == """
        fairlead: cannot hear of more changes: the daemon closed the connection; trying again until it is back
        fairlead: the daemon is back; going on after change 2

        """)
    #expect(outcome.pauses == [100, 200, 400, 800])
  }

  @Test("The pauses between attempts grow up to five seconds, and end when the output is closed")
  func patience() throws {
    let log = ScriptedLog(lastSeq: 1, [.breaks] + Array(repeating: .refuses(Self.absent), count: 20))
    let outcome = try fairlead(["log", "-f", "-o", "none"], pauses: 9, log: log)
    #expect(outcome.status == .done)
    #expect(outcome.pauses == [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000])
  }

  @Test("A daemon that cannot be reached at the start, and a permanent error at any time, end it")
  func failures() throws {
    let refused = refusal("invalid-params", "cannot take 9 for after", ["path": "after"])
    #expect(try fairlead(["log", "-f"], pauses: 9, log: ScriptedLog([.refuses(Self.absent)])).status == .unreachable)
    #expect(try fairlead(["log", "-f"], pauses: 9, log: ScriptedLog([.refuses(refused)])).status == .usage)
    let later = ScriptedLog(lastSeq: 9, [.breaks, .refuses(refused)])
    #expect(try fairlead(["log", "-f"], pauses: 9, log: later).status == .usage)
  }

  @Test("It continues after a temporary error of the daemon")
  func busy() throws {
    let log = ScriptedLog(lastSeq: 1, [.breaks, .refuses(refusal("busy", "cannot take more watches")), .grows(1)])
    let outcome = try fairlead(["log", "-f", "-o", "json"], pauses: 3, log: log)
    #expect(outcome.status == .done)
    #expect(try Self.seqs(outcome.out) == [1, 2])
  }

  @Test("YAML output is refused, since the log would have to be one document")
  func yaml() throws {
    #expect(try fairlead("log", "-f", "-o", "yaml").status == .usage)
  }

  @Test("The daemon filters by kind and cluster, both the log so far and new changes")
  func filters() throws {
    let words = ["-g", "prod", "-n", "web", "--subscription", "s", "--kind", "cluster"]
    let cluster = "\"subscription\":\"s\",\"resourceGroup\":\"prod\",\"name\":\"web\""
    let followed = try fairlead(["log", "-f"] + words, log: ScriptedLog([]))
    #expect(followed.requests == ["change.watch {\(cluster),\"kinds\":[\"cluster\"],\"after\":0}"])
    let listed = try fairlead(["log"] + words) { _, _ in .success(["items": []]) }
    #expect(listed.requests == ["change.list {\(cluster),\"kind\":\"cluster\",\"limit\":1000}"])
    for words in [["-g", "prod"], ["-n", "web"], ["--subscription", "s"]] {
      #expect(try fairlead(["log"] + words).status == .usage)
    }
  }
}
