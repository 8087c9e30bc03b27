// The queue of registration steps: always the earliest first, in a tree that stays flat.

import DaemonTestSupport
import FairleadModel
import Testing

@testable import FairleadStore

@Suite("The queue of registration steps")
struct SettleQueueTests {
  private static let compute = ProviderKey(subscription: defaultSubscription, namespace: "Microsoft.Compute")

  private func key(_ number: Int) -> SettleQueue.Key {
    number == 0 ? .provider(Self.compute) : .feature(FeatureKey(provider: Self.compute, name: "F\(number)"))
  }

  private func step(_ seq: Int, seconds: Int) -> PendingSettle {
    PendingSettle(requestedSeq: seq, dueAt: LedgerFixture.time.adding(seconds: seconds))
  }

  /// The steps as they come out, the first one first.
  private func drained(_ queue: SettleQueue) -> [PendingSettle] {
    var (queue, steps) = (queue, [PendingSettle]())
    while let first = queue.first {
      steps.append(first.pending)
      queue.replace(first.pending, with: nil, of: first.key)
    }
    return steps
  }

  @Test("has the earliest step first, whatever was added, moved and taken out before, and in copies what it had then")
  func order() {
    var generator = SplitMix(seed: 7)
    var queue = SettleQueue()
    var steps: [Int: PendingSettle] = [:]
    var copies: [(queue: SettleQueue, steps: [PendingSettle])] = []
    for seq in 1...2000 {
      let number = Int.random(in: 0..<60, using: &generator)
      let new =
        Int.random(in: 0..<3, using: &generator) == 0 ? nil : step(seq, seconds: .random(in: 0..<20, using: &generator))
      queue.replace(steps[number], with: new, of: key(number))
      steps[number] = new
      let ordered = steps.values.sorted { ($0.dueAt, $0.requestedSeq) < ($1.dueAt, $1.requestedSeq) }
      #expect(queue.first?.pending == ordered.first)
      if seq % 100 == 0 { copies.append((queue, ordered)) }
    }
    for copy in copies { #expect(drained(copy.queue) == copy.steps) }
  }

  @Test("stays flat, also where steps come in the order of their times or all have one time and number")
  func flat() {
    let steps: [(Int) -> PendingSettle] = [
      { self.step($0, seconds: $0) }, { self.step($0, seconds: -$0) }, { _ in self.step(1, seconds: 0) },
    ]
    for step in steps {
      var queue = SettleQueue()
      for number in 1...10_000 { queue.replace(nil, with: step(number), of: key(number)) }
      #expect(queue.depth < 60)
      #expect(drained(queue).count == 10_000)
    }
  }
}
