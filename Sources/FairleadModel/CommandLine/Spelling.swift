// How identities and facts are spelled on the command line.
//
// This is in the Model and not in the command because reports carry commands: a finding's remedy, a rollback and the notice of a
// pending confirmation each name a command that a person can copy, and the daemon writes them. Fairlead's flags are az's wherever
// az has one, so that the same words serve both.

extension ClusterKey {
  /// The flags that name this cluster.
  package var flags: String {
    var flags = ""
    if subscription != defaultSubscription { flags.append(option: "--subscription", subscription) }
    flags.append(option: "--resource-group", or: "-g", resourceGroup)
    flags.append(option: "--name", or: "-n", name)
    return flags
  }
}

extension ProviderKey {
  /// The flags that name this provider.
  package var flags: String { flags(feature: nil) }

  fileprivate func flags(feature: String?) -> String {
    var flags = ""
    flags.append(option: "--namespace", namespace)
    if let feature { flags.append(option: "--name", feature) }
    if subscription != defaultSubscription { flags.append(option: "--subscription", subscription) }
    return flags
  }
}

extension FeatureKey {
  /// The flags that name this feature.
  package var flags: String { provider.flags(feature: name) }
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

extension String {
  /// Appends an option with its value, quoted for a POSIX shell, and a space before it where there is something already. A value
  /// that begins with '-' would be taken for an option of its own, so it is joined to the option's long name: both
  /// ArgumentParser and az (Python's argparse) read `--name=-x` as a value.
  package mutating func append(option long: String, or short: String? = nil, _ value: String) {
    if !isEmpty { self += " " }
    if value.utf8.first == UInt8(ascii: "-") {
      self += long
      self += "="
    } else {
      self += short ?? long
      self += " "
    }
    self += shellQuoted(value)
  }
}

/// An option alone, as `String.append(option:or:_:)` writes it.
package func spelled(_ short: String, _ long: String, _ value: String) -> String {
  var option = ""
  option.append(option: long, or: short, value)
  return option
}

/// The same for an option without a short name.
package func spelled(_ long: String, _ value: String) -> String { spelled(long, long, value) }

/// A word quoted so that a POSIX shell reads it back unchanged.
package func shellQuoted(_ word: String) -> String {
  if !word.isEmpty, NameBytes("-_./:=,@%+").hold(word) { return word }
  guard word.utf8.contains(UInt8(ascii: "'")) else { return "'\(word)'" }
  return "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
