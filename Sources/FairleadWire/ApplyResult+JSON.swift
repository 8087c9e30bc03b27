// The result of an apply, as JSON on the wire.

package import ExactJSON
package import FairleadModel

extension ApplyOutcome: JSONEncodable {
  package func write(to text: inout JSONWriter) {
    text.set("seq", orNull: seq)
    text.set("atomic", isAtomic)
    text.set("results", results)
    text.set("totals", totals)
  }
}

extension ApplyResult: JSONEncodable {
  package func write(to text: inout JSONWriter) {
    switch self {
    case .remembered(let json):
      for member in json.objectValue?.members ?? [] { text.set(member.key, member.value) }
    case .answered(let answer):
      writeCommonMembers(answer.index, answer.method, answer.subject, to: &text)
      if answer.isUnchanged { text.set("unchanged", true) }
      switch answer.body {
      case .full(let outcome): text.set("outcome", outcome)
      case .summary(let summary): text.set("outcome", summary)
      }
    case .refused(let index, let method, let subject, let detail, let refusal):
      writeCommonMembers(index, method, subject, to: &text)
      text.set("error", WireError(refusal: refusal, carriesReport: detail == .full))
    }
  }

  private func writeCommonMembers(_ index: Int, _ method: String, _ subject: String, to text: inout JSONWriter) {
    text.set("index", index)
    text.set("method", method)
    text.set("subject", subject)
  }
}
