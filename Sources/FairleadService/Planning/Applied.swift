// What the log keeps about an apply with an idempotency key, in addition to its changes.

internal import ExactJSON
internal import FairleadModel
internal import FairleadStore

/// With it a repeated request gets the same reply, byte for byte. It is kept in the last change of the apply; the others have
/// the numbers before that one. Results for which there is no change are kept as they were encoded.
struct Applied {
  /// A fingerprint of the request.
  let request: String
  /// How many changes it recorded.
  let recorded: Int
  let totals: JSON
  /// The results for which there is no change, in order.
  let others: [JSON]

  init(request: String, recorded: Int, totals: JSON, others: [JSON]) {
    self.request = request
    self.recorded = recorded
    self.totals = totals
    self.others = others
  }

  /// What the last change of an apply holds; `nil` for a change that is of no apply with an idempotency key. Throws where the
  /// numbers in it contradict each other, or the change that holds them.
  init?(of last: Change) throws(LedgerError) {
    guard let json = last.applied else { return nil }
    guard let request = json["request"]?.stringValue, let recorded = json["recorded"]?.intValue,
      let totals = json["totals"], let others = json["others"]?.arrayValue,
      (1...min(last.seq, Limits.applyChanges)).contains(recorded), others.count <= Limits.applyChanges - recorded,
      totals["changes"]?.intValue == recorded + others.count, totals["recorded"]?.intValue == recorded
    else { throw Self.damage(of: last) }
    self.init(request: request, recorded: recorded, totals: totals, others: others)
  }

  /// The record of an apply's last change does not go with the changes before it.
  static func damage(of last: Change) -> LedgerError {
    .damage("change \(last.seq): its record does not go with the other changes of its apply")
  }

  var json: JSON {
    [
      "request": .string(request), "recorded": .integer(recorded), "totals": totals, "others": .array(others),
    ]
  }

  /// Identifies the request without its plan digests: a caller who lost the reply and plans anew sends other digests and means
  /// the same changes. Members that are `null` count as absent.
  static func fingerprint(of request: ApplyRequest) -> String {
    var params = JSONObject((request.params.objectValue?.members ?? []).filter { $0.value != .null })
    params["changes"] = .array(
      request.changes.map {
        ["method": .string($0.request.method), "params": ChangeOptions.withoutDigest($0.options.params)]
      })
    return FairleadService.fingerprint(of: JSON.object(params).canonical.bytes)
  }
}
