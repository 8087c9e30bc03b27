// Turns any error into the refusal that the caller gets, and logs what the caller must not see under an incident number.

internal import FairleadModel
internal import FairleadStore

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
    switch ledger.translated(error) {
    case let refusal as Refusal: return refusal
    case let error as LedgerError:
      switch error.reason {
      case .notWritable, .diskFull, .diskError, .inUse: return Refusal(.unavailable, error.message)
      case .notALedger, .newerSchema, .corrupt, .other: return internalError(error.message)
      }
    default: return internalError("\(error)")
    }
  }

  private func internalError(_ detail: String) -> Refusal {
    let incident = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    log("incident \(incident): \(detail)")
    return Refusal(
      .internalError(incident: incident),
      "cannot answer: something in fairleadd failed; its log has the detail under incident \(incident)")
  }
}
