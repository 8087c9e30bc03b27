// The words on a page that are not in the report.

internal import ExactJSON
internal import FairleadModel

extension Severity {
  /// What the verdict means for whoever carries the change out.
  var meaning: String {
    switch self {
    case .none: "Nothing changes in effect."
    case .info: "Nothing breaks. There is something to know."
    case .low: "Little changes, and nothing breaks."
    case .medium: "Behaviour or balance changes."
    case .high: "Connections break, or a policy has a gap."
    case .critical: "Service loss is to be expected unless the steps below are taken."
    case .blocked: "Refused as it is."
    }
  }

  /// `Critical`
  var word: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

extension Certainty {
  var word: String {
    switch self {
    case .will: "will happen"
    case .may: "may happen"
    case .unknown: "unknown"
    }
  }
}

extension Step.Phase {
  var heading: String {
    switch self {
    case .before: "Before"
    case .during: "Carry it out"
    case .after: "After"
    case .back: "If it has to be taken back"
    }
  }
}

extension DiffEntry {
  /// A value for a person; `null` stands for a value that is not set.
  static func words(_ value: JSON) -> String {
    switch value {
    case .null: "unset"
    case .string(let string): string.isEmpty ? "\"\"" : string
    case .bool, .integer, .number, .array, .object: value.text
    }
  }
}

/// A text as a list of one, or of none where it is empty: Mustache looks up a missing member in the enclosing view, and an
/// empty list stops that.
func optional(_ text: String?) -> [String] {
  guard let text, !text.isEmpty else { return [] }
  return [text]
}
