// One change as the ledger's file holds it.

package import ExactJSON

/// A record of the log, as far as the verifier needs it.
package struct LogEntry: Sendable {
  package let seq: Int
  let record: JSON
  let method: String
  let kind: String
  let message: String?
  /// Whether the daemon made it without a request.
  let isDaemonsOwn: Bool
  /// The key of the cluster that it changed.
  let cluster: String?
  /// The cluster after it, a tombstone included.
  let state: JSON?
  /// The revision that it created; `nil` where it changed only facts and labels.
  let newRevision: JSON?
  /// The change as reads and watches show it, with its members in canonical order.
  let change: JSON

  package init(_ record: JSON) throws(UnreadableRecord) {
    guard let seq = record["seq"]?.intValue, let method = record["method"]?.stringValue,
      let kind = record["kind"]?.stringValue, let report = record["report"], let effects = record["effects"]
    else { throw UnreadableRecord(text: record.text) }
    self.seq = seq
    self.record = record
    self.method = method
    self.kind = kind
    message = record["message"]?.stringValue
    isDaemonsOwn = record["actor"]?["name"] == "system"
    state = effects["cluster"]
    cluster = state.flatMap(clusterKey)
    newRevision = effects["revision"]
    var change = JSONObject()
    for key in ["seq", "at", "method", "kind", "subject", "actor", "message", "requestId"] {
      change[key] = record[key]
    }
    change["revision"] = effects["revision"]?["revision"]
    for key in ["verdict", "summary", "overridden"] { change[key] = report[key] }
    self.change = JSON.object(change).canonical
  }

  /// The cluster's revision after it.
  var revision: Int? { state?["revision"]?.intValue }

  var isDeleted: Bool { state?["deleted"] == true }

  var title: String { "change \(seq), \(method)\(cluster.map { " \($0)" } ?? "")" }
}

/// A row of the log that is not a record.
package struct UnreadableRecord: Error, Sendable {
  package let text: String
}
