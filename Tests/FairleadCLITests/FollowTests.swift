// `fairlead log --follow`: every change once and in order, across a daemon that goes and comes back.

@testable internal import FairleadCLI
internal import FairleadJSON
internal import FairleadModel
internal import Testing

@Suite("Following the log")
struct FollowTests {
  private static func change(_ seq: Int) -> JSON {
    [
      "seq": .integer(seq), "at": "2026-11-22T21:04:45.000Z", "method": "cluster.update", "kind": "cluster",
      "subject": "prod/web", "actor": ["uid": 1, "gid": 1, "pid": 1, "name": "ann"], "message": .null, "verdict": "low",
      "summary": .string("update prod/web: step \(seq)"), "overridden": [],
    ]
  }

  /// A log that grows by `steps[n]` changes before question n; a negative number is a daemon that is not there.
  private static func log(_ steps: [Int]) -> (String, JSONObject) -> Result<JSON, Failure> {
    var head = 0
    var asked = 0
    return { _, params in
      defer { asked += 1 }
      let step = asked < steps.count ? steps[asked] : 0
      guard step >= 0 else { return .failure(.unreachable("cannot reach the daemon: nobody listens on s")) }
      head += step
      let after = params["after"]?.intValue ?? 0
      let limit = params["limit"]?.intValue ?? 0
      let items = after < head ? (after + 1...min(head, after + limit)).map(change) : []
      return .success(["items": .array(items)])
    }
  }

  private static func seqs(_ out: String) throws -> [Int] {
    try out.split(separator: "\n").map { try JSON(parsing: String($0))["seq"]?.intValue ?? 0 }
  }

  @Test("It prints what is there, then what comes, one JSON object a line")
  func json() throws {
    let outcome = try perform(["log", "-f", "-o", "json"], pauses: 4, answer: Self.log([2, 0, 1, 3]))
    #expect(outcome.status == .done)
    #expect(try Self.seqs(outcome.out) == [1, 2, 3, 4, 5, 6])
    #expect(outcome.requests.map { $0.split(separator: " ")[1].prefix(11) }.last == "{\"after\":6,")
  }

  @Test("It starts after the change that is named, and ends after as many as are wanted")
  func bounds() throws {
    let outcome = try run("log", "--follow", "--after", "2", "--limit", "3", "-o", "json", answer: Self.log([9]))
    #expect(try Self.seqs(outcome.out) == [3, 4, 5])
    #expect(outcome.status == .done)
  }

  @Test("A full page is followed by the next one at once")
  func pages() throws {
    let outcome = try perform(["log", "-f", "-o", "json"], pauses: 0, answer: Self.log([2500]))
    #expect(try Self.seqs(outcome.out) == Array(1...2500))
    #expect(outcome.requests.count == 3)
  }

  @Test("As text it is the table of 'log', with one header")
  func text() throws {
    let outcome = try perform(["log", "-f"], pauses: 2, answer: Self.log([1, 1]))
    let lines = outcome.out.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("CHANGE"))
    #expect(lines[2].hasSuffix("step 2"))
  }

  @Test("A daemon that goes is noted once, waited for, and gone on with where it was")
  func restart() throws {
    let outcome = try perform(["log", "-f", "-o", "json"], pauses: 6, answer: Self.log([2, -1, -1, -1, 2]))
    #expect(try Self.seqs(outcome.out) == [1, 2, 3, 4])
    #expect(
      outcome.err == """
        fairlead: cannot reach the daemon: nobody listens on s; trying again every second
        fairlead: the daemon is back; going on after change 2

        """)
  }

  @Test("A daemon that was never there, and an error that will not pass, end it")
  func failures() throws {
    let absent = try perform(["log", "-f"], pauses: 9, answer: Self.log([-1]))
    #expect(absent.status == .unreachable)
    let refused = try perform(["log", "-f", "--after=-1"], pauses: 9) { _, _ in
      .failure(refusal("invalid-params", "cannot take -1 for after", ["path": "after"]))
    }
    #expect(refused.status == .usage)
  }

  @Test("It goes on where the daemon cannot answer for a moment")
  func busy() throws {
    var asked = 0
    let log = Self.log([1])
    let outcome = try perform(["log", "-f", "-o", "json"], pauses: 3) { method, params in
      asked += 1
      return asked == 2 ? .failure(refusal("unavailable", "cannot answer")) : log(method, params)
    }
    #expect(outcome.status == .done)
    #expect(outcome.err.contains("cannot answer; trying again every second"))
  }

  @Test("It cannot be followed as one YAML document")
  func yaml() throws {
    #expect(try run("log", "-f", "-o", "yaml").status == .usage)
  }
}
