// What an apply answers: the outcome of each of its changes, and their totals.

package import ExactJSON

/// The result of one change of an `ApplyRequest`.
package enum ApplyResult: Sendable, Hashable {
  case answered(ApplyAnswer)
  case refused(index: Int, method: String, subject: String, detail: ApplyRequest.Detail, Refusal)
  /// The result as it was encoded when the request was first answered.
  case remembered(JSON)
}

/// A change that was recorded, or found nothing to record, or was planned.
package struct ApplyAnswer: Sendable, Hashable {
  package enum Body: Sendable, Hashable {
    case full(ChangeOutcome)
    case summary(ChangeSummary)
  }

  package let index: Int
  package let method: String
  package let subject: String
  /// Whether the change had, or would have, no effect.
  package let isUnchanged: Bool
  package let body: Body

  package init(index: Int, method: String, subject: String, isUnchanged: Bool, body: Body) {
    self.index = index
    self.method = method
    self.subject = subject
    self.isUnchanged = isUnchanged
    self.body = body
  }
}

/// The answer to an `ApplyRequest`.
package struct ApplyOutcome: Sendable, Hashable {
  /// The last change that was recorded; `nil` for a plan, and where nothing was.
  package let seq: Int?
  package let isAtomic: Bool
  /// One for each requested change, in their order.
  package let results: [ApplyResult]
  package let totals: JSON

  package init(seq: Int?, isAtomic: Bool, results: [ApplyResult], totals: JSON) {
    self.seq = seq
    self.isAtomic = isAtomic
    self.results = results
    self.totals = totals
  }
}
