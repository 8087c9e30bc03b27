// A refusal, as the `error` member of a reply.

package import ExactJSON
package import FairleadModel

/// The `error` member of a reply.
package struct WireError: JSONEncodable {
  let refusal: Refusal
  /// An apply lists many errors, and leaves out their reports, which are the long part of them.
  var carriesReport = true

  package func write(to text: inout JSONWriter) {
    let code = ErrorCode(refusal.reason)
    text.set("code", code.number)
    text.set("message", refusal.message)
    text.beginObject("data")
    text.set("kind", code.rawValue)
    writeDetail(to: &text)
    text.set("azureCode", ifPresent: refusal.azureCode)
    if let worst = refusal.among.first {
      text.set("index", worst.index)
      text.beginArray("results")
      for refused in refusal.among {
        text.beginObject()
        text.set("index", refused.index)
        text.set("subject", refused.subject)
        text.set("message", refused.message)
        text.endObject()
      }
      text.endArray()
    }
    text.endObject()
  }

  private func writeDetail(to text: inout JSONWriter) {
    switch refusal.reason {
    case .parseError, .invalidRequest, .notFound, .alreadyExists, .unavailable, .requestIDReused: break
    case .unknownMethod(let nearest): text.set("nearest", ifPresent: nearest)
    case .invalidParams(let path, let nearest, let rule):
      text.set("path", path)
      text.set("nearest", ifPresent: nearest)
      text.set("rule", ifPresent: rule)
    case .internalError(let incident): text.set("incident", incident)
    case .conflict(let path, let expected, let actual):
      text.set("path", path)
      text.set("expected", expected)
      text.set("actual", actual)
    case .blocked(let report), .prerequisite(let report): if carriesReport { text.set("report", report) }
    case .denied(let role, let needed):
      text.set("role", role)
      text.set("needed", needed)
    case .tooLarge(let limit): text.set("limit", limit)
    case .busy(let retryAfterMs): text.set("retryAfterMs", retryAfterMs)
    case .planStale(let moved, let changes):
      text.set("moved", moved)
      text.set("changes", changes)
    }
  }
}

extension Refusal {
  /// The `error` member of a reply, as a JSON value.
  package var wireJSON: JSON { WireError(refusal: self).json }
}
