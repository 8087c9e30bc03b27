// The writes that wait: whose turn it is, and what is put back.

import FairleadModel
import Testing

@testable import FairleadService

@Suite("Writes that wait")
struct WaitingWritesTests {
  private final class Sender {}
  private let alice = Sender()
  private let bob = Sender()
  private var waiting = WaitingWrites()

  private mutating func add(_ numbers: Int..., from sender: Sender?) {
    for number in numbers { waiting.append(.numbered(number, from: sender)) }
  }

  private mutating func take(_ count: Int) -> [Int] { (0..<count).compactMap { _ in waiting.popFirst()?.number } }

  @Test("those who sent them take turns, and the writes of each keep their order")
  mutating func turns() {
    add(1, 2, 3, from: alice)
    add(11, 12, from: bob)
    add(21, from: nil)
    #expect(waiting.count == 6)
    #expect(take(3) == [1, 11, 21])
    add(4, from: alice)
    #expect(take(9) == [2, 12, 3, 4])
    #expect(waiting.count == 0)
    #expect(waiting.popFirst() == nil)
  }

  @Test("who has had all of its turns comes behind the others again")
  mutating func again() {
    add(1, from: alice)
    #expect(take(1) == [1])
    add(11, 12, from: bob)
    add(2, from: alice)
    #expect(take(3) == [11, 2, 12])
  }

  @Test("what is put back comes first, in its order, whoever sent it")
  mutating func putBack() {
    add(1, 2, 3, from: alice)
    add(11, from: bob)
    let taken = [waiting.popFirst(), waiting.popFirst()].compactMap(\.self)
    waiting.putBack(taken)
    #expect(waiting.count == 4)
    #expect(take(4) == [1, 11, 2, 3])
  }

  @Test("a write with more changes than there is room for is not taken")
  mutating func within() {
    waiting.append(.apply(changes: 5))
    add(2, from: nil)
    #expect(waiting.popFirst(within: 4) == nil)
    #expect(waiting.popFirst(within: 5)?.changes == 5)
    #expect(waiting.popFirst(within: 0) == nil)
    #expect(waiting.popFirst(within: 1)?.number == 2)
    #expect(waiting.popFirst(within: 1) == nil)
  }

  @Test("all of them are taken in the order of their turns")
  mutating func all() {
    add(1, 2, from: alice)
    add(11, from: bob)
    #expect(waiting.removeAll().map(\.number) == [1, 11, 2])
    #expect(waiting.count == 0)
    add(3, from: alice)
    #expect(take(1) == [3])
  }
}
