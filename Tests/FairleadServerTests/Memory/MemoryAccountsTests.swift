// Who is put off where all connections together hold too much.

@testable import FairleadServer
import Testing

@Suite("The memory that connections share")
struct MemoryAccountsTests {
  private var accounts = MemoryAccounts<String>(limit: 100)

  /// Sets what a holder has, and says who is put off for it.
  private mutating func set(_ bytes: Int, of holder: String) -> String? {
    accounts.set(bytes, of: holder).map { "\($0.holder) with \($0.bytes)" }
  }

  @Test("within the limit nobody is put off, and what is given back counts no more")
  mutating func within() {
    let putOff = [set(60, of: "a"), set(40, of: "b"), set(0, of: "a"), set(60, of: "c")]
    #expect(putOff == [nil, nil, nil, nil])
    #expect(accounts.total == 100)
  }

  @Test("past it the greediest is put off, whoever came last")
  mutating func greediest() {
    let putOff = [set(30, of: "a"), set(60, of: "greedy"), set(11, of: "b")]
    #expect(putOff == [nil, nil, "greedy with 60"])
    #expect(accounts.total == 41)
  }

  @Test("who is put off counts no more, so that nobody else is put off in its place")
  mutating func leaving() {
    let putOff = [set(101, of: "greedy"), set(500, of: "greedy"), set(90, of: "a")]
    #expect(putOff == ["greedy with 101", nil, nil])
    accounts.remove("greedy")
    #expect(accounts.total == 90)
  }

  @Test("who is gone holds nothing, and may come back")
  mutating func gone() {
    let first = set(90, of: "a")
    accounts.remove("a")
    accounts.remove("nobody")
    #expect(accounts.total == 0)
    let second = set(90, of: "a")
    #expect([first, second] == [nil, nil])
  }
}
