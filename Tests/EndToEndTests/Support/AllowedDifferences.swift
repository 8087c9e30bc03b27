// What today's daemon may answer differently from the one that recorded a fixture.

/// Everything that is not listed here has to be the same. A comment beside each entry names the decision behind it.
enum AllowedDifferences {
  /// Members that new reports have and recorded ones do not, each with the member that holds it: `findings.brief`. They
  /// are not allowed in the reports of a recorded ledger, which are shown as they were written.
  static let newMembers: [String] = []

  /// Parts of recorded lines, spelled as on the wire, and what today's daemon says in their place. Of a recorded ledger's
  /// replies only refusals may differ so.
  static let rewritten: [(recorded: String, today: String)] = []
}
