// The question that is asked before a plan is recorded.

internal import FairleadModel

enum ConfirmationPrompt {
  /// Whether a person says yes to recording `what`. The report may have scrolled the verdict out of sight, so the prompt repeats it.
  static func ask(_ console: any Console, _ verdict: Severity, _ what: String) throws(Failure) -> Bool {
    guard console.isInteractive else {
      throw Failure(
        .failed, "cannot ask whether to record this, since there is no terminal: use --yes",
        hints: ["Nothing was recorded."])
    }
    console.err("\nVerdict \(verdict.rawValue.uppercased()). Record \(what)? (y/N): ")
    guard let line = console.readLine() else {
      console.err("\n")
      return false
    }
    return ["y", "yes"].contains(line.split(separator: " ").joined().lowercased())
  }
}
