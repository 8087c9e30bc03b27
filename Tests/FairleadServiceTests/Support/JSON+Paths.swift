// Shortcuts to the values of a reply.

import ExactJSON

extension JSON {
  /// The value at a dotted path, in which a number is an index: `report.findings.0.rule`.
  func at(_ path: String) -> JSON? {
    path.split(separator: ".").reduce(self) { value, step in
      guard let index = Int(step) else { return value?[String(step)] }
      return value?.arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
  }

  func string(_ path: String) -> String? { at(path)?.stringValue }
  func int(_ path: String) -> Int? { at(path)?.intValue }
  func bool(_ path: String) -> Bool? { at(path)?.boolValue }
  func items(_ path: String) -> [JSON] { at(path)?.arrayValue ?? [] }
  func strings(_ path: String) -> [String] { items(path).compactMap(\.stringValue) }

  /// The commands of a report's steps of one phase.
  func commands(_ phase: String) -> [String] {
    items("report.sequence").filter { $0["phase"]?.stringValue == phase }
      .flatMap { ($0["commands"]?.arrayValue ?? []).compactMap(\.stringValue) }
  }

  /// The number of the change that was recorded; `nil` where none was.
  var seq: Int? { int("seq") }
  /// The kind of an error.
  var kind: String? { string("data.kind") }
  /// The message of an error.
  var message: String { string("message") ?? "" }
  var verdict: String? { string("report.verdict") }
  /// The rules of a report's findings; a standing one in parentheses.
  var rules: [String] {
    items("report.findings").map { $0["standing"] == true ? "(\($0.string("rule") ?? ""))" : $0.string("rule") ?? "" }
  }
  /// The rows of a report's diff, as `path: before -> after`.
  var diff: [String] {
    items("report.diff").map { "\($0.string("path") ?? ""): \($0["before"]?.text ?? "") -> \($0["after"]?.text ?? "")" }
  }
}
