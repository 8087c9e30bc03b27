// Turns any error into the refusal that the caller gets, and logs what the caller must not see under an incident number.

internal import FairleadModel
internal import FairleadStore

/// Every error of the ledger passes here before anybody sees it, so this is where damage becomes a condition of the daemon.
struct IncidentLog: Sendable {
  let ledger: Ledger
  let log: @Sendable (String) -> Void

  /// Runs `body`; every error that it throws becomes a refusal.
  func answering<Value>(_ body: () throws -> Value) throws(Refusal) -> Value {
    do {
      return try body()
    } catch {
      throw refusal(for: error)
    }
  }

  /// A refusal as it is, the ledger's errors as unavailable or internal, anything else as internal.
  func refusal(for error: any Error) -> Refusal {
    note(error)
    switch ledger.translated(error) {
    case let refusal as Refusal: return refusal
    case let error as LedgerError:
      let error = error.naming(ledger.path)
      switch error.reason {
      case .notWritable, .filesChanged, .diskFull, .diskError, .inUse, .readError:
        return Refusal(.unavailable, error.message)
      // The row is named, so that a person knows what to look at; its bytes are not shown.
      case .notALedger, .corrupt: return internalError(error.message, described(error))
      case .newerSchema, .other: return internalError(nil, error.message)
      }
    default: return internalError(nil, "\(error)")
    }
  }

  /// Stops changes at the first sign of damage: whatever were written to a damaged file might be lost with it, or damage more.
  /// That lasts until a restart, since the same row is not necessarily read again.
  func note(_ error: any Error) {
    guard let error = ledger.translated(error) as? LedgerError, error.isDamage else { return }
    // The first sign stays: what comes later may follow from it.
    guard ledger.health.reason(.corrupt) == nil else { return }
    ledger.health.raise(.corrupt, error.cause, remedy: error.naming(ledger.path).remedy)
  }

  /// Says that a row is not what the log says. `others` counts further ones.
  func noteDifference(_ row: String, _ what: String, others: Int) {
    let more = others == 0 ? "" : others == 1 ? ", nor is another one" : ", nor are \(others) more"
    ledger.health.raise(
      .projectionDiffers,
      "\(row) \(what)\(more): another program changed the file; what is answered and planned is the log's",
      remedy: "find that program, then stop fairleadd and run \(LedgerError.rebuildCommand(ledger.path))")
  }

  private func internalError(_ shown: String?, _ detail: String) -> Refusal {
    let incident = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    log("incident \(incident): \(detail)")
    return Refusal(
      .internalError(incident: incident),
      shown.map { "\($0); the log of fairleadd has more under incident \(incident)" }
        ?? "cannot answer: something in fairleadd failed; its log has the detail under incident \(incident)")
  }
}
