// A refusal, as the `error` member of a reply.

package import ExactJSON
package import FairleadModel

/// The `error` member of a reply.
package struct WireError: JSONEncodable {
  let refusal: Refusal
  /// Whether a report is written. An apply's answer leaves it out, since a report is by far the longest part of an error.
  var carriesReport = true

  package func write(to text: inout JSONWriter) {
    let code = refusal.code
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
    switch refusal.detail {
    case .none: break
    case .name(let nearest): text.set("nearest", ifPresent: nearest)
    case .parameter(let path, let nearest, let rule):
      text.set("path", path)
      text.set("nearest", ifPresent: nearest)
      text.set("rule", ifPresent: rule)
    case .guarded(let path, let expected, let actual):
      text.set("path", path)
      text.set("expected", expected)
      text.set("actual", actual)
    case .incident(let incident): text.set("incident", incident)
    case .role(let role, let needed):
      text.set("role", role)
      text.set("needed", needed)
    case .limit(let limit): text.set("limit", limit)
    case .retry(let milliseconds): text.set("retryAfterMs", milliseconds)
    case .attachment(let attachment):
      if carriesReport || refusal.report == nil { attachment.value.writeErrorMembers(to: &text) }
    }
  }
}

extension Refusal {
  /// The `error` member of a reply, as a JSON value.
  package var wireJSON: JSON { WireError(refusal: self).json }
}
