// The options that say what a change is of: one cluster by its name, or every cluster that has a label.

internal import ArgumentParser

struct TargetOptions: TargetOptionGroup {
  static let title = "Cluster, or clusters"

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

  func target(to action: String, _ common: CommonOptions) throws(Failure) -> ChangeTarget {
    guard let name else {
      return .fleet(FleetScope(resourceGroup: resourceGroup, continuesOnRefusal: continuesOnRefusal, canary: canary))
    }
    let meant = [("--atomic", atomic), ("--continue", continuesOnRefusal), ("--canary", canary != nil)].filter(\.1).map(
      \.0)
    if let flag = meant.first {
      throw .usage("cannot take \(flag) with --name: it is for the clusters that --label selects")
    }
    guard let resourceGroup else {
      throw .usage("cannot \(action) '\(name)': name its resource group too, with -g")
    }
    return .cluster(common.key(resourceGroup: resourceGroup, name: name))
  }
}

/// `--label` of a command that sets no labels.
struct FleetLabelOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Without --name: of every cluster that has this label. May be repeated.", valueName: "key=value")
  )
  var label: [String] = []
}
