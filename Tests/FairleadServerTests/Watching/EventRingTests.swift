// The ring of recent events: a watcher that keeps up reads from it, and one that does not reads the log.

import ExactJSON
import FairleadModel
@testable import FairleadServer
import Testing

@Suite("The ring of events")
struct EventRingTests {
  private func event(_ seq: Int, message: String? = nil) -> Event {
    Event(
      Change(
        seq: seq, at: Timestamp(milliseconds: 0), method: "extension.set", kind: .extension, subject: "aks-preview",
        actor: Actor(uid: 0, gid: 0, pid: 1, name: "root"), message: message, requestID: nil, params: [:],
        report: Report(subject: "aks-preview", verdict: .none, summary: "set", affected: Affected(clusters: 0)),
        effects: Effects()))
  }

  /// The numbers after `seq`; `nil` where they are evicted.
  private func seqs(_ ring: EventRing, after seq: Int) -> [Int]? {
    switch ring.events(after: seq) {
    case .events(let events, let through):
      events.map(\.seq).filter { $0 <= through }
    case .evicted: nil
    }
  }

  @Test("the events after any change since the beginning are found")
  func found() {
    var ring = EventRing(lastSeq: 7)
    for seq in 8...10 { ring.append(event(seq)) }
    #expect(seqs(ring, after: 7) == [8, 9, 10])
    #expect(seqs(ring, after: 9) == [10])
    #expect(seqs(ring, after: 10) == [])
    #expect(seqs(ring, after: 6) == nil)
  }

  @Test("only as many events as the limit are kept, and older ones are evicted")
  func bounded() {
    var ring = EventRing(lastSeq: 0)
    let last = 5 * ServerLimits.keptEvents
    for seq in 1...last { ring.append(event(seq)) }
    #expect(seqs(ring, after: last - ServerLimits.keptEvents)?.count == ServerLimits.keptEvents)
    #expect(seqs(ring, after: last - ServerLimits.keptEvents - 1) == nil)
  }

  @Test("only as many bytes as the limit are kept, whatever the number of events")
  func boundedBytes() {
    var ring = EventRing(lastSeq: 0)
    let long = String(repeating: "x", count: ServerLimits.keptEventBytes / 4)
    for seq in 1...8 { ring.append(event(seq, message: long)) }
    #expect(seqs(ring, after: 5) == [6, 7, 8])
    #expect(seqs(ring, after: 4) == nil)
  }

  @Test("without watchers no events are kept, and the skipped ones count as evicted")
  func skipped() {
    var ring = EventRing(lastSeq: 0)
    ring.append(event(1))
    ring.skip(to: 5)
    #expect(seqs(ring, after: 1) == nil)
    #expect(seqs(ring, after: 5) == [])
    ring.append(event(6))
    #expect(seqs(ring, after: 5) == [6])
  }
}
