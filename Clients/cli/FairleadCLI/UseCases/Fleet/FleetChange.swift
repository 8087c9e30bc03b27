// A change of many clusters once its options are read: which clusters, what becomes of each, and how far to go.

internal import ExactJSON
internal import FairleadModel

/// One change for every cluster of a selection.
struct FleetChange: Sendable, Hashable {
  enum Verb: String, Sendable, Hashable {
    case update
    case rollback
    /// Of the clusters that are selected, only those that wait to be confirmed.
    case confirm

    /// The verb in a sentence.
    var action: String { self == .rollback ? "roll back" : rawValue }
    var method: String { "cluster.\(rawValue)" }
  }

  let verb: Verb
  let selection: FleetSelection
  let scope: FleetScope
  /// The parameters that each cluster's change has beside its name.
  let desired: JSONObject
  /// Rules to override where they block.
  var overrides: [String] = []
  let message: String?
  /// Where the configuration was read.
  var document: String?
}

/// How far a change of many clusters goes.
struct FleetScope: Sendable, Hashable {
  /// Only clusters of this resource group.
  let resourceGroup: String?
  /// Whether the others are recorded where one is refused.
  let continuesOnRefusal: Bool
  /// Only so many, the least risky; `nil` is all.
  let canary: Int?
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
    let labels = labels.members.map { spelled("--label", "\($0.key)=\($0.value.stringValue ?? "")") }
    let place = [
      resourceGroup.map { spelled("-g", "--resource-group", $0) }, subscription.map { spelled("--subscription", $0) },
    ]
    return (labels + place.compactMap(\.self)).joined(separator: " ")
  }

  /// The selection for a person: `env=prod, in prod-rg`.
  var text: String {
    let labels = labels.members.map { "\($0.key)=\($0.value.stringValue ?? "")" }.joined(separator: ", ")
    return labels + (resourceGroup.map { ", in \($0)" } ?? "") + (subscription.map { ", of \($0)" } ?? "")
  }
}
