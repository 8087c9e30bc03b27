// A failure for a person: what could not be done, why, and what to do about it.

enum FailureText {
  /// What is written to stderr: the report where the daemon sent one, then the message and the hints, which must not
  /// scroll out of sight.
  static func render(_ failure: Failure, _ layout: Layout) -> String {
    var lines = ["fairlead: \(sanitized(failure.message))"]
    lines += failure.hints.map { "  \(sanitized($0))" }
    let text = lines.joined(separator: "\n") + "\n"
    guard let report = failure.cause?.report else { return text }
    return ReportText(layout).body(report) + "\n" + text
  }
}
