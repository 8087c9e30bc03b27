// What a watcher asks to be sent.

internal import ExactJSON

/// The changes that a watcher is sent. A member that is `nil` or empty passes everything.
package struct WatchFilter: Sendable, Hashable {
  package let kinds: Set<ResourceKind>?
  /// A to Z in lower case, since names are compared without case.
  package let subscription: String?
  package let resourceGroup: String?
  package let name: String?
  /// The cluster must have all of them after the change.
  package let labels: [String: String]

  package init(
    kinds: Set<ResourceKind>? = nil, subscription: String? = nil, resourceGroup: String? = nil, name: String? = nil,
    labels: [String: String] = [:]
  ) {
    self.kinds = kinds
    self.subscription = subscription?.asciiLowercased
    self.resourceGroup = resourceGroup?.asciiLowercased
    self.name = name?.asciiLowercased
    self.labels = labels
  }

  /// Whether it selects clusters, so that no registration passes.
  package var asksForClusters: Bool { subscription != nil || resourceGroup != nil || !labels.isEmpty }

  /// Whether a change of `kind` passes. `cluster` is the cluster as the change left it, where it is about one.
  package func passes(_ kind: ResourceKind, _ cluster: Cluster?) -> Bool {
    if let kinds, !kinds.contains(kind) { return false }
    guard asksForClusters else { return true }
    guard let cluster else { return false }
    let key = cluster.key
    return subscription.map(key.subscription.isLowered) ?? true
      && resourceGroup.map(key.resourceGroup.isLowered) ?? true
      && name.map(key.name.isLowered) ?? true
      && labels.allSatisfy { cluster.labels.values[$0.key]?.hasSameBytes(as: $0.value) == true }
  }
}

/// A request to be sent changes as they are recorded.
package struct WatchRequest: Sendable, Hashable {
  /// The last change that the watcher knows; `nil` means the last recorded one.
  package let after: Int?
  package let filter: WatchFilter

  package init(after: Int?, filter: WatchFilter) {
    self.after = after
    self.filter = filter
  }
}
