// Effective values before and after, as aligned lines.

internal import ExactJSON
internal import FairleadModel

enum DiffText {
  /// One line per entry: `mode  IPTABLES (default) -> IPVS`.
  static func lines(_ diff: [DiffEntry], indent: String = "  ") -> [String] {
    let width = diff.reduce(0) { max($0, sanitized($1.path).count) }
    return diff.map { entry in
      let before = value(entry.before, isDefault: entry.beforeIsDefault)
      let after = value(entry.after, isDefault: entry.afterIsDefault)
      return "\(indent)\(sanitized(entry.path).padded(to: width))  \(before) -> \(after)"
    }
  }

  /// A value for a person. `null` is nothing that was ever set.
  static func value(_ value: JSON, isDefault: Bool) -> String {
    let text =
      switch value {
      case .null: "unset"
      case .string(let string): string.isEmpty ? "\"\"" : sanitized(string)
      case .bool, .integer, .number, .array, .object: sanitized(value.text)
      }
    return isDefault ? "\(text) (default)" : text
  }
}
