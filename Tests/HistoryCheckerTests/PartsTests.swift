// The parts of the checker that can be wrong by themselves.

import HistoryChecker
import DaemonTestSupport
import Testing

@Suite("Parts of the checker")
struct PartsTests {
  @Test("a step's decisions follow from the seed, the client and the step alone")
  func decisions() {
    func drawn(_ seed: UInt64, client: Int, step: Int) -> [Int] {
      var decisions = Decisions(seed: seed, client: client, step: step)
      return (0..<20).map { _ in decisions.number(1000) }
    }
    #expect(drawn(1, client: 2, step: 3) == drawn(1, client: 2, step: 3))
    let others = [drawn(2, client: 2, step: 3), drawn(1, client: 3, step: 3), drawn(1, client: 2, step: 4)]
    for other in others { #expect(other != drawn(1, client: 2, step: 3)) }
  }

  @Test(
    "the bytes of a value are found as they were written",
    arguments: [
      (
        #"{"a":{"b":[1,2,"}"]},"c":"x,\"y\"","d": 1.50 }"#, ["a": #"{"b":[1,2,"}"]}"#, "c": #""x,\"y\"""#, "d": "1.50"]
      ),
      ("{}", [:]), (#"{"a":null,"b":[]}"#, ["a": "null", "b": "[]"]),
      (#"{"\\":"\\\\","e":"é"}"#, [#"\\"#: #""\\\\""#, "e": #""é""#]),
    ])
  func members(text: String, members: [String: String]) {
    let found = RawJSON.members(Array(text.utf8)[...]).mapValues { String(decoding: $0, as: UTF8.self) }
    #expect(found == members)
  }

  @Test(
    "the elements of an array are found as they were written",
    arguments: [
      ("[]", []), ("[1, 2]", ["1", "2"]), (#"[{"a":[1,2]},"],[",null]"#, [#"{"a":[1,2]}"#, #""],[""#, "null"]),
    ])
  func elements(text: String, elements: [String]) {
    #expect(RawJSON.parts(Array(text.utf8)[...]).map { String(decoding: $0, as: UTF8.self) } == elements)
  }

  @Test("one kernel timer for each clock is no leak, and more are one")
  func timers() {
    func count(timers: Int) -> Int {
      Cost.count(["socket:[7]", "/l.db"] + Array(repeating: "anon_inode:[timerfd]", count: timers))
    }
    #expect([1, 2, 4].map { count(timers: $0) } == [1, 1, 1])
    #expect(count(timers: 6) == 3)
  }

  @Test("connections to the database that are opened late are no leak, and more than the daemon has are one")
  func connections() {
    func count(connections: Int) -> Int {
      Cost.count(["socket:[7]", "/l.db-shm"] + (0..<connections).flatMap { _ in ["/l.db", "/l.db-wal"] })
    }
    #expect([2, 3, 8].map { count(connections: $0) } == [1, 1, 1])
    #expect(count(connections: 9) == 3)
  }

  @Test("memory that stays is no leak, and memory that grows in each third is")
  func growth() {
    func series(_ values: [Int]) -> Cost.Growth? {
      Cost.growth(values.map { Cost(descriptors: 20, residentKiB: $0) })
    }
    #expect(series([30_000, 50_000, 60_000, 60_000, 61_000, 60_500, 60_000, 61_000, 60_700])?.isLeak == false)
    #expect(series(stride(from: 50_000, through: 80_000, by: 3000).map { $0 })?.isLeak == true)
    #expect(series([50_000, 90_000]) == nil)
  }
}
