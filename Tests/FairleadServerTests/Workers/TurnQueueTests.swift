// Whose work the threads of a lane take next.

@testable import FairleadServer
import Testing

@Suite("The turns of connections with work")
struct TurnQueueTests {
  private var queue = TurnQueue<String, String>(places: 2)

  /// Takes the next job, and leaves it in hand.
  private mutating func take() -> String? { queue.next()?.job }

  /// Takes and finishes jobs until there are none.
  private mutating func drain() -> [String] {
    var jobs: [String] = []
    while let (owner, job) = queue.next() {
      jobs.append(job)
      _ = queue.finished(owner, rest: nil)
    }
    return jobs
  }

  private mutating func add(_ jobs: String...) { for job in jobs { queue.add(job, of: String(job.prefix(1))) } }

  @Test("owners take turns, whoever has queued more")
  mutating func turns() {
    add("a1", "a2", "a3", "b1", "c1", "c2")
    let jobs = drain()
    #expect(jobs == ["a1", "b1", "c1", "a2", "c2", "a3"])
    #expect(queue.count == 0)
  }

  @Test("an owner has one job in hand, however many threads there are")
  mutating func oneInHand() {
    add("a1", "a2", "b1")
    let taken = [take(), take(), take()]
    #expect(taken == ["a1", "b1", nil])
    add("a3")
    let whileInHand = take()
    #expect(whileInHand == nil)
    let isThere = queue.finished("a", rest: nil)
    let next = take()
    #expect(isThere)
    #expect(next == "a2")
  }

  @Test("what is left of a job is its owner's next one, behind the other owners")
  mutating func rest() {
    add("a1", "a2", "b1")
    _ = take()
    let isThere = queue.finished("a", rest: "a1, second step")
    let jobs = drain()
    #expect(isThere)
    #expect(jobs == ["b1", "a1, second step", "a2"])
  }

  @Test("the jobs of an owner who is gone are dropped, and the others keep their turns")
  mutating func gone() {
    add("a1", "b1", "b2", "c1")
    queue.removeAll(of: "b")
    queue.removeAll(of: "nobody")
    let jobs = drain()
    #expect(jobs == ["a1", "c1"])
  }

  @Test("what is left of the job of an owner who is gone is dropped")
  mutating func goneWithAJobInHand() {
    add("a1", "a2")
    _ = take()
    queue.removeAll(of: "a")
    queue.removeAll(of: "a")
    let isThere = queue.finished("a", rest: "a1, second step")
    let jobs = drain()
    #expect(!isThere)
    #expect(jobs == [])
    add("a3")
    let later = drain()
    #expect(later == ["a3"])
  }

  // MARK: Places

  /// Adds jobs that need a place.
  private mutating func addPages(_ jobs: String...) {
    for job in jobs { queue.add(job, of: String(job.prefix(1)), needsPlace: true) }
  }

  /// Has `owner` finish what it has in hand, with something left of it or not.
  private mutating func step(_ owner: String, rest: String? = nil) { _ = queue.finished(owner, rest: rest) }

  @Test("only as many owners as there are places begin a job that needs one; the next begins when one of them is done")
  mutating func places() {
    addPages("a1", "b1", "c1", "d1")
    let begun = [take(), take(), take()]
    #expect(begun == ["a1", "b1", nil])
    step("a", rest: "a1, second step")
    step("b")
    let then = [take(), take(), take()]
    #expect(then == ["a1, second step", "c1", nil])
    step("c")
    let last = take()
    #expect(last == "d1")
  }

  @Test("a job that needs no place does not wait for one, and has its turn among those that have one")
  mutating func noPlaceNeeded() {
    addPages("a1", "b1", "c1")
    add("d1")
    let first = [take(), take()]
    step("a", rest: "a1, second step")
    step("b", rest: "b1, second step")
    let then = [take(), take(), take()]
    #expect(first == ["a1", "b1"])
    #expect(then == ["d1", "a1, second step", "b1, second step"])
  }

  @Test("an owner that is done goes behind those at the entrance, whatever else it wants")
  mutating func entranceInOrder() {
    addPages("a1", "a2", "a3", "b1", "c1")
    let jobs = drain()
    #expect(jobs == ["a1", "b1", "c1", "a2", "a3"])
  }

  @Test("the place of an owner who is gone is free at once, or once its step is done")
  mutating func placeOfWhoIsGone() {
    addPages("a1", "b1", "c1", "d1", "e1")
    let inHand = take()
    queue.removeAll(of: "b")
    let instead = take()
    #expect(inHand == "a1")
    #expect(instead == "c1")
    queue.removeAll(of: "a")
    queue.removeAll(of: "d")
    let meanwhile = take()
    #expect(meanwhile == nil)
    step("a", rest: "a1, second step")
    let afterwards = [take(), take()]
    #expect(afterwards == ["e1", nil])
    step("c")
    step("e")
    addPages("f1", "g1", "h1")
    let asManyAsBefore = [take(), take(), take()]
    #expect(asManyAsBefore == ["f1", "g1", nil])
  }
}
