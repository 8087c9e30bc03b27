// Option groups that a change takes as a parameter: which cluster or clusters it is of, and what is done with it.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

/// What a change is of.
enum ChangeTarget: Sendable, Hashable {
  case cluster(ClusterKey)
  /// Every cluster that the labels select.
  case fleet(FleetScope)
}

/// Options that name the cluster, or the clusters, of a change.
protocol TargetOptionGroup: ParsableArguments {
  /// The heading of these options in a help text.
  static var title: String { get }
  /// What is named. `action` is for the sentence "cannot <action> ...".
  func target(to action: String, _ common: CommonOptions) throws(Failure) -> ChangeTarget
}

/// Options that may have a meaning for one cluster only.
protocol FleetCheckedOptions {
  /// Refuses those that were given and have no meaning for many clusters.
  func checkForFleet() throws(Failure)
}

/// Options that say what is done with a change: it is recorded, or only planned.
protocol ExecutionOptionGroup: ParsableArguments, FleetCheckedOptions {
  var execution: ChangeExecution { get }
}

extension FleetScope {
  /// The clusters that `labels` select.
  /// - Parameters:
  ///   - action: For the sentence "cannot <action> ...".
  ///   - options: The other options of the change.
  func selection(
    to action: String, labels words: [String], _ common: CommonOptions, checking options: [any FleetCheckedOptions]
  ) throws(Failure) -> FleetSelection {
    guard !words.isEmpty else {
      throw .usage(
        "cannot \(action) without knowing what: give --name and --resource-group for one cluster, or --label for every "
          + "cluster that has it",
        hints: ["'fairlead list --label key=value' shows which those are."])
    }
    if let word = words.first(where: { !$0.contains("=") }) {
      throw .usage(
        "cannot take '\(word)' for --label: without --name it selects clusters, and is key=value",
        hints: ["Labels are set and removed on one cluster at a time, with --name."])
    }
    for group in options { try group.checkForFleet() }
    return FleetSelection(
      subscription: common.namedSubscription, resourceGroup: resourceGroup, labels: try LabelSyntax.selection(words))
  }
}

/// The refusal of an option that has no meaning for many clusters.
func fleetMisuse(of flag: String) -> Failure {
  .usage(
    "cannot take \(flag) without --name: it speaks of one cluster; what is recorded of a fleet is always the plan "
      + "that was shown")
}
