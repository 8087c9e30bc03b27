// The options that say what a change is of: one cluster by its name, or every cluster that has a label.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct TargetOptions: ParsableArguments {
  @Option(
    name: [.customShort("g"), .long],
    help: ArgumentHelp(
      "The cluster's resource group. Without --name: only clusters of this one.", valueName: "name"))
  var resourceGroup: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The cluster's name. Without it, the change is of every cluster that --label selects.", valueName: "name"))
  var name: String?

  @Flag(help: "Without --name: record all changes or none. This is the default.")
  var atomic = false

  @Flag(name: .customLong("continue"), help: "Without --name: record what is not refused; ends with 4 if any is.")
  var continuesOnRefusal = false

  @Option(help: ArgumentHelp("Without --name: record only the <n> least risky ones, and stop.", valueName: "n"))
  var canary: Int?

  func validate() throws {
    if atomic, continuesOnRefusal { throw ValidationError("--atomic and --continue exclude each other.") }
    if let canary, canary < 1 { throw ValidationError("--canary is 1 or more.") }
  }

  /// The one cluster that is named; `nil` for a fleet.
  func cluster(_ verb: String) throws(Failure) -> ClusterOptions? {
    guard let name else { return nil }
    let meant = [("--atomic", atomic), ("--continue", continuesOnRefusal), ("--canary", canary != nil)].filter(\.1).map(
      \.0)
    if let flag = meant.first {
      throw .usage("cannot take \(flag) with --name: it is for the clusters that --label selects")
    }
    guard let resourceGroup else {
      throw .usage("cannot \(verb) '\(name)': name its resource group too, with -g")
    }
    var cluster = ClusterOptions()
    cluster.resourceGroup = resourceGroup
    cluster.name = name
    return cluster
  }

  /// The clusters that the labels select, for a change without a name.
  func fleet(
    _ verb: String, labels words: [String], _ guards: GuardOptions?, _ commit: CommitOptions?, _ global: GlobalOptions
  ) throws(Failure) -> FleetSelection {
    guard !words.isEmpty else {
      throw .usage(
        "cannot \(verb) without knowing what: give --name and --resource-group for one cluster, or --label for every "
          + "cluster that has it",
        hints: ["'fairlead list --label key=value' shows which those are."])
    }
    if let word = words.first(where: { !$0.contains("=") }) {
      throw .usage(
        "cannot take '\(word)' for --label: without --name it selects clusters, and is key=value",
        hints: ["Labels are set and removed on one cluster at a time, with --name."])
    }
    let unfit = [
      ("--if-revision", guards?.ifRevision != nil), ("--if-seq", guards?.ifSeq != nil), ("--plan", commit?.plan != nil),
    ].filter(\.1).map(\.0)
    if let flag = unfit.first {
      throw .usage(
        "cannot take \(flag) without --name: it speaks of one cluster; what is recorded of a fleet is always the plan "
          + "that was shown")
    }
    if commit?.requestID != nil {
      throw .usage(
        "cannot take --request-id without --name: the clusters that --label selects may be others the second time",
        hints: ["Run the same update again instead: a cluster that has it already has nothing to do."])
    }
    return FleetSelection(
      subscription: global.namedSubscription, resourceGroup: resourceGroup, labels: try LabelOption.selection(words))
  }
}

/// `--label` of a command that sets none.
struct FleetLabelOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Without --name: of every cluster that has this label. May be repeated.", valueName: "key=value")
  )
  var label: [String] = []
}

/// Which clusters make the fleet: those that `fairlead list` shows with the same options.
struct FleetSelection: Sendable, Hashable {
  let subscription: String?
  let resourceGroup: String?
  let labels: JSONObject

  var parameters: JSONObject {
    var builder = JSONObjectBuilder()
    builder.set("subscription", ifPresent: subscription)
    builder.set("resourceGroup", ifPresent: resourceGroup)
    builder.set("labels", .object(labels))
    return builder.object
  }

  /// The options that select it.
  var flags: String {
    let labels = labels.members.map { "--label \(shellQuoted("\($0.key)=\($0.value.stringValue ?? "")"))" }
    return
      (labels
      + [resourceGroup.map { "-g \(shellQuoted($0))" }, subscription.map { "--subscription \(shellQuoted($0))" }]
      .compactMap(\.self)).joined(separator: " ")
  }

  /// The selection for a person: `env=prod, in prod-rg`.
  var text: String {
    let labels = labels.members.map { "\($0.key)=\($0.value.stringValue ?? "")" }.joined(separator: ", ")
    return labels + (resourceGroup.map { ", in \($0)" } ?? "") + (subscription.map { ", of \($0)" } ?? "")
  }
}
