// Whose work the threads of a lane take next.

@testable import FairleadServer
import Testing

@Suite("The turns of connections with work")
struct TurnQueueTests {
  private var queue = TurnQueue<String, String>()

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
    #expect(!queue.hasNext)
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
}
