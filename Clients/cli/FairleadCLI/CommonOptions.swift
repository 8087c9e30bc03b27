// The values of the options that every command takes.

internal import FairleadModel

/// The common options as plain values.
struct CommonOptions: Sendable, Hashable {
  var subscription: String?
  var socket: String?
  var output: Output?

  /// The form that is asked for: by the option, by the environment, or the command's own.
  func output(default fallback: Output, environment: Environment) throws(Failure) -> Output {
    if let output { return output }
    guard let word = environment["FAIRLEAD_OUTPUT"] else { return fallback }
    guard let output = Output(argument: word) else {
      let known = Output.allCases.map(\.rawValue).joined(separator: ", ")
      throw .usage("cannot take '\(word)' for FAIRLEAD_OUTPUT: it is one of \(known)")
    }
    return output
  }

  /// The subscription that is named; an empty word counts as none.
  var namedSubscription: String? { subscription.flatMap { $0.isEmpty ? nil : $0 } }

  func key(resourceGroup: String, name: String) -> ClusterKey {
    ClusterKey(subscription: namedSubscription ?? defaultSubscription, resourceGroup: resourceGroup, name: name)
  }
}
