// A change of the log, read out of a list or a watch.

internal import FairleadModel

/// A change as a list shows it: the wire's shape, without its report.
struct ChangeLine: Sendable, Hashable {
  let seq: Int
  let at: Timestamp
  let actor: String
  let subject: String
  let method: String
  let verdict: String
  let summary: String
  let message: String?

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    seq = try reader.requiredInteger("seq")
    at = try reader.timestamp("at")
    actor = try reader.requiredObject("actor", allowedKeys: nil).requiredString("name")
    subject = try reader.requiredString("subject")
    method = try reader.requiredString("method")
    verdict = try reader.requiredString("verdict")
    summary = try reader.requiredString("summary")
    message = try reader.string("message")
  }
}
