// What the commands under `fairlead aks` have in common.

internal import FairleadModel

/// A command under `aks`: its output is JSON where nothing else is asked for.
protocol AksSubcommand: FairleadCommand {}

extension AksSubcommand {
  static var defaultOutput: Output { .json }

  /// The flags of a change that have a meaning here, for suggestions.
  static var changeFlags: [String] {
    FactKey.allCases.map(\.flag) + [
      "--resource-group", "--name", "--kube-proxy-config", "--from", "--label", "--api-version", "--message",
      "--if-revision", "--if-seq", "--override", "--yes", "--dry-run", "--plan", "--request-id", "--subscription",
      "--socket", "--output",
    ]
  }
}
