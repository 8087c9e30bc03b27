// The events that are kept for watchers: one that keeps up finds them, and one that does not is sent to the log.

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

  @Test("what was put in is found after any change since the beginning")
  func found() {
    var ring = EventRing(lastSeq: 7)
    for seq in 8...10 { ring.append(event(seq)) }
    #expect(seqs(ring, after: 7) == [8, 9, 10])
    #expect(seqs(ring, after: 9) == [10])
    #expect(seqs(ring, after: 10) == [])
    #expect(seqs(ring, after: 6) == nil)
  }

  @Test("no more are kept than the limit, and those before them are evicted")
  func bounded() {
    var ring = EventRing(lastSeq: 0)
    let last = 5 * ServerLimits.keptEvents
    for seq in 1...last { ring.append(event(seq)) }
    #expect(seqs(ring, after: last - ServerLimits.keptEvents)?.count == ServerLimits.keptEvents)
    #expect(seqs(ring, after: last - ServerLimits.keptEvents - 1) == nil)
  }

  @Test("no more bytes are kept than the limit, whatever the events' number")
  func boundedBytes() {
    var ring = EventRing(lastSeq: 0)
    let long = String(repeating: "x", count: ServerLimits.keptEventBytes / 4)
    for seq in 1...8 { ring.append(event(seq, message: long)) }
    #expect(seqs(ring, after: 5) == [6, 7, 8])
    #expect(seqs(ring, after: 4) == nil)
  }

  @Test("while nobody watches nothing is kept, and what was skipped counts as evicted")
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
