// What is kept for watchers, without one: who keeps up finds it here, and who does not is told to read the file.

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

  /// The numbers behind `seq`; `nil` where they are gone.
  private func seqs(_ ring: EventRing, after seq: Int) -> [Int]? {
    switch ring.look(after: seq) {
    case .events(let events): events.map(\.seq)
    case .gone: nil
    }
  }

  @Test("what was put in is found behind any change since the beginning")
  func found() {
    var ring = EventRing(head: 7)
    for seq in 8...10 { ring.append(event(seq)) }
    #expect(seqs(ring, after: 7) == [8, 9, 10])
    #expect(seqs(ring, after: 9) == [10])
    #expect(seqs(ring, after: 10) == [])
    #expect(seqs(ring, after: 6) == nil)
  }

  @Test("no more are kept than the limit, and who is behind that is told so")
  func bounded() {
    var ring = EventRing(head: 0)
    let last = 5 * Limits.keptEvents
    for seq in 1...last { ring.append(event(seq)) }
    #expect(seqs(ring, after: last - Limits.keptEvents)?.count == Limits.keptEvents)
    #expect(seqs(ring, after: last - Limits.keptEvents - 1) == nil)
  }

  @Test("no more bytes are kept than the limit, whatever the events' number")
  func boundedBytes() {
    var ring = EventRing(head: 0)
    let long = String(repeating: "x", count: Limits.keptEventBytes / 4)
    for seq in 1...8 { ring.append(event(seq, message: long)) }
    #expect(seqs(ring, after: 5) == [6, 7, 8])
    #expect(seqs(ring, after: 4) == nil)
  }

  @Test("while nobody watches nothing is kept, and what was passed over is gone")
  func skipped() {
    var ring = EventRing(head: 0)
    ring.append(event(1))
    ring.skip(to: 5)
    #expect(seqs(ring, after: 1) == nil)
    #expect(seqs(ring, after: 5) == [])
    ring.append(event(6))
    #expect(seqs(ring, after: 5) == [6])
  }
}
