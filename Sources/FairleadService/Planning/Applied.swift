// What the log keeps of an apply with an idempotency key, beside the changes themselves.

internal import ExactJSON
internal import FairleadModel

/// Enough to answer the request again, byte for byte: the changes are numbered in a row and end with the one that this
/// stands on, and what was not recorded is kept as it was answered.
struct Applied {
  /// A fingerprint of what was asked.
  let request: String
  /// How many changes it recorded.
  let recorded: Int
  let totals: JSON
  /// The results that no change stands for, in their order.
  let others: [JSON]

  init(request: String, recorded: Int, totals: JSON, others: [JSON]) {
    self.request = request
    self.recorded = recorded
    self.totals = totals
    self.others = others
  }

  init?(_ json: JSON) {
    guard let request = json["request"]?.stringValue, let recorded = json["recorded"]?.intValue,
      let totals = json["totals"], let others = json["others"]?.arrayValue
    else { return nil }
    self.init(request: request, recorded: recorded, totals: totals, others: others)
  }

  var json: JSON {
    [
      "request": .string(request), "recorded": .integer(recorded), "totals": totals, "others": .array(others),
    ]
  }

  /// What was asked, without the digests of the plans that it was asked with: a caller who lost the reply and plans anew
  /// pins others and means the same changes. What is `null` counts as absent.
  static func fingerprint(of request: ApplyRequest) -> String {
    var params = JSONObject((request.params.objectValue?.members ?? []).filter { $0.value != .null })
    params["changes"] = .array(
      request.changes.map {
        ["method": .string($0.request.method), "params": ChangeOptions.withoutDigest($0.options.params)]
      })
    return FairleadService.fingerprint(of: JSON.object(params).canonical.bytes)
  }
}
