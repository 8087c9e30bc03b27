// What one rule finds in one change, in terms of the changed cluster.

package import ExactJSON

package struct Finding: JSONEncodable, Sendable, Hashable {
  /// The catalogue's id, such as `MODE-03`.
  package let rule: String
  package var severity: Severity
  package let certainty: Certainty
  package let title: String
  /// What happens, and what it means for this cluster.
  package let detail: String
  /// What to do about it.
  package let remedy: String
  /// A command that shows whether it is so on a node or in the cluster.
  package let verify: String
  package let source: String
  /// The fact that would settle an `unknown`.
  package let missingFact: FactKey?
  /// True where the finding is about the configuration that is already in place, not about what this change does to it.
  package var standing: Bool
  /// The rules whose findings this one implies; they are not shown by themselves.
  package var folds: [String]
  private let textForms: TextForms

  /// What a report in text leaves out. Boxed: few findings have any, and a finding of at most 128 bytes is copied in
  /// place, where the calls of memcpy for two more strings were a sixth of the cost of judging.
  private indirect enum TextForms: Sendable, Hashable {
    case none
    case some(brief: String?, hint: String?)
  }

  /// The short form of `detail` that a report in text shows; `nil` where it shows all of `detail`, or none of it.
  package var brief: String? { if case .some(let brief, _) = textForms { brief } else { nil } }

  /// What `verify` shows and where to run it, where a report in text shows `remedy` without it; `nil` where there is
  /// nothing to leave out.
  package var hint: String? { if case .some(_, let hint) = textForms { hint } else { nil } }

  package init(
    rule: String, severity: Severity, certainty: Certainty, title: String, detail: String,
    brief: String? = nil, remedy: String, hint: String? = nil, verify: String, source: String,
    missingFact: FactKey? = nil, standing: Bool = false, folds: [String] = []
  ) {
    self.rule = rule
    self.severity = severity
    self.certainty = certainty
    self.title = title
    self.detail = detail
    self.remedy = remedy
    self.verify = verify
    self.source = source
    self.missingFact = missingFact
    self.standing = standing
    self.folds = folds
    textForms = brief == nil && hint == nil ? .none : .some(brief: brief, hint: hint)
  }

  /// `remedy` and `hint` in one text, for a report that shows them with the command.
  package var remedyWithHint: String { hint.map { "\(remedy) \($0)" } ?? remedy }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    let hint = try reader.string("hint")
    self.init(
      rule: try reader.requiredString("rule"), severity: try reader.requiredEnumValue("severity"),
      certainty: try reader.requiredEnumValue("certainty"), title: try reader.requiredString("title"),
      detail: try reader.requiredString("detail"), brief: try reader.string("brief"),
      remedy: Self.remedy(try reader.requiredString("remedy"), endingWith: hint), hint: hint,
      verify: try reader.requiredString("verify"), source: try reader.requiredString("source"),
      missingFact: try reader.enumValue("missingFact"), standing: try reader.bool("standing") ?? false,
      folds: try reader.strings("folds") ?? [])
  }

  /// The part before `hint` of a member `remedy`, which has both; all of it where it does not end with `hint`.
  private static func remedy(_ whole: String, endingWith hint: String?) -> String {
    guard let hint else { return whole }
    let end = " \(hint)".utf8
    guard whole.utf8.count > end.count, whole.utf8.suffix(end.count).elementsEqual(end) else { return whole }
    return String(decoding: whole.utf8.dropLast(end.count), as: UTF8.self)
  }

  /// The member `remedy` has had the remark about the command from the first ledger on, and keeps it for those who read
  /// no `hint`; `hint` repeats it, so that a reader knows where in `remedy` it begins.
  package func write(to text: inout JSONWriter) {
    text.set("rule", rule)
    text.set("severity", severity.rawValue)
    text.set("certainty", certainty.rawValue)
    text.set("title", title)
    text.set("detail", detail)
    text.set("brief", ifPresent: brief)
    text.set("remedy", remedyWithHint)
    text.set("hint", ifPresent: hint)
    text.set("verify", verify)
    text.set("source", source)
    text.set("missingFact", ifPresent: missingFact?.rawValue)
    if standing { text.set("standing", true) }
    if !folds.isEmpty { text.set("folds", folds) }
  }
}
