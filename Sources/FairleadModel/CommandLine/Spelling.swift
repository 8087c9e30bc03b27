// How identities and facts are spelled on the command line.
//
// This is in the Model and not in the command because reports carry commands: a finding's remedy, a rollback and the notice of a
// pending confirmation each name a command that a person can copy, and the daemon writes them. Fairlead's flags are az's wherever
// az has one, so that the same words serve both.

extension ClusterKey {
  /// The flags that name this cluster.
  package var flags: String {
    let cluster = "-g \(shellQuoted(resourceGroup)) -n \(name)"
    return subscription == defaultSubscription
      ? cluster : "--subscription \(shellQuoted(subscription)) \(cluster)"
  }
}

extension ProviderKey {
  /// The flags that name this provider.
  package var flags: String { "--namespace \(namespace)\(subscriptionFlag)" }

  fileprivate var subscriptionFlag: String {
    subscription == defaultSubscription ? "" : " --subscription \(shellQuoted(subscription))"
  }
}

extension FeatureKey {
  /// The flags that name this feature.
  package var flags: String { "--namespace \(provider.namespace) --name \(name)\(provider.subscriptionFlag)" }
}

extension FactKey {
  /// The flag that sets this fact: the wire's name in kebab-case.
  package var flag: String { Self.flags[self] ?? "" }

  // Made once: a finding that depends on a fact names its flag twice, and making it took 5 us.
  private static let flags = Dictionary(
    uniqueKeysWithValues: allCases.map { key in
      (key, key.rawValue.reduce(into: "--") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) })
    })
}

/// A word quoted so that a POSIX shell reads it back unchanged.
package func shellQuoted(_ word: String) -> String {
  if !word.isEmpty, NameBytes("-_./:=,@%+").hold(word) { return word }
  guard word.utf8.contains(UInt8(ascii: "'")) else { return "'\(word)'" }
  return "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
