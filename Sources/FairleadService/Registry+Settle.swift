// Registration steps that become due while nobody asks for anything.

package import FairleadModel
internal import FairleadStore

extension Registry {
  /// The registry's clock.
  package var time: Timestamp { now() }

  /// Takes every step that is due now, and answers when the next one is; `nil` where none is waiting.
  package func settleDue() throws(Refusal) -> Timestamp? {
    try answering {
      guard let next = try self.ledger.read({ try $0.nextSettle() }) else { return nil }
      guard next.pending.dueAt <= self.now() else { return next.pending.dueAt }
      return try self.ledger.write { writer in
        try self.settle(dueAt: self.now(), in: writer)
        return try writer.reader.nextSettle()?.pending.dueAt
      }
    }
  }
}
