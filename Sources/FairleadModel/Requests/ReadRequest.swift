// The reads that a caller may request.

internal import ExactJSON

package enum ReadRequest: Sendable, Hashable {
  case cluster(ClusterKey, ClusterMoment)
  case clusters(ClusterFilter, Page<String>)
  /// Newest first; the cursor is the last revision that was seen.
  case history(ClusterKey, Page<Int>)
  /// `from: nil` is the revision before `to`, `to: nil` the current one.
  case diff(ClusterKey, from: Int?, to: Int?)
  case feature(FeatureKey)
  case features(RegistrationFilter, Page<String>)
  case provider(ProviderKey)
  case providers(RegistrationFilter, Page<String>)
  case `extension`(name: String)
  case extensions(Page<String>)
  case change(seq: Int)
  /// In the order of `seq`; the cursor is the last that was seen.
  case changes(ChangeFilter, Page<Int>)
  case report(seq: Int)
  case describe
  case health
  case discover
}

/// Which state of a cluster is requested.
package enum ClusterMoment: Sendable, Hashable {
  case now
  /// As it was once that revision had been recorded.
  case revision(Int)
  case at(Timestamp)
}

package struct ClusterFilter: Sendable, Hashable {
  package let subscription: String?
  package let resourceGroup: String?
  package let labels: [String: String]

  package init(subscription: String? = nil, resourceGroup: String? = nil, labels: [String: String] = [:]) {
    self.subscription = subscription
    self.resourceGroup = resourceGroup
    self.labels = labels
  }

  /// Whether a cluster exists and is one of those that the filter asks for.
  package func passes(_ cluster: Cluster) -> Bool {
    !cluster.deleted
      && (subscription == nil || subscription?.folded == cluster.key.subscription.folded)
      && (resourceGroup == nil || resourceGroup?.folded == cluster.key.resourceGroup.folded)
      && labels.allSatisfy { cluster.labels.values[$0.key]?.hasSameBytes(as: $0.value) == true }
  }
}

package struct RegistrationFilter: Sendable, Hashable {
  package let subscription: String?
  package let namespace: String?

  package init(subscription: String? = nil, namespace: String? = nil) {
    self.subscription = subscription
    self.namespace = namespace
  }

  /// Whether a registration of this provider, or of a feature of it, is one of those that the filter asks for.
  package func passes(_ key: ProviderKey) -> Bool {
    (subscription == nil || subscription?.folded == key.subscription.folded)
      && (namespace == nil || namespace?.folded == key.namespace.folded)
  }
}

package struct ChangeFilter: Sendable, Hashable {
  /// `nil` is every kind.
  package let kinds: Set<ResourceKind>?
  package let cluster: ClusterKey?

  package init(kinds: Set<ResourceKind>? = nil, cluster: ClusterKey? = nil) {
    self.kinds = kinds
    self.cluster = cluster
  }
}

/// One page of a list: at most `limit` items after the cursor.
package struct Page<Cursor: Sendable & Hashable>: Sendable, Hashable {
  package let limit: Int
  package let after: Cursor?

  package init(limit: Int = Limits.defaultPageItems, after: Cursor? = nil) {
    self.limit = limit
    self.after = after
  }
}
