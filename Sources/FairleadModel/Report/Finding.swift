// One thing that a rule has to say about a change, in terms of the cluster at hand.

package import ExactJSON

package struct Finding: JSONEncodable, Sendable, Hashable {
  /// The catalogue's id, such as `MODE-03`.
  package let rule: String
  package var severity: Severity
  package let certainty: Certainty
  package let title: String
  package let detail: String
  /// What to do about it.
  package let remedy: String
  /// A command that shows whether it is so on a node or in the cluster.
  package let verify: String
  package let source: String
  /// The fact that would settle an `unknown`.
  package let missingFact: FactKey?
  /// True where the finding is about the configuration as it stands, not about what this change does to it.
  package var standing: Bool
  /// The rules that this finding implies and speaks for.
  package var folds: [String]

  package init(
    rule: String, severity: Severity, certainty: Certainty, title: String, detail: String, remedy: String,
    verify: String, source: String, missingFact: FactKey? = nil, standing: Bool = false, folds: [String] = []
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
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      rule: try reader.requiredString("rule"), severity: try reader.requiredEnumValue("severity"),
      certainty: try reader.requiredEnumValue("certainty"), title: try reader.requiredString("title"),
      detail: try reader.requiredString("detail"), remedy: try reader.requiredString("remedy"),
      verify: try reader.requiredString("verify"), source: try reader.requiredString("source"),
      missingFact: try reader.enumValue("missingFact"), standing: try reader.bool("standing") ?? false,
      folds: try reader.strings("folds") ?? [])
  }

  package func write(to text: inout JSONWriter) {
    text.set("rule", rule)
    text.set("severity", severity.rawValue)
    text.set("certainty", certainty.rawValue)
    text.set("title", title)
    text.set("detail", detail)
    text.set("remedy", remedy)
    text.set("verify", verify)
    text.set("source", source)
    text.set("missingFact", ifPresent: missingFact?.rawValue)
    if standing { text.set("standing", true) }
    if !folds.isEmpty { text.set("folds", folds) }
  }
}
