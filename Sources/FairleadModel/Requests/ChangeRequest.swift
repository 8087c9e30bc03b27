// The changes that a caller may request, and their guards.

package import ExactJSON

/// A change that a caller requests. The daemon's own changes are no requests: they are planned when a deadline passes.
package enum ChangeRequest: Sendable, Hashable {
  case createCluster(ClusterKey, ClusterPatch)
  case updateCluster(ClusterKey, ClusterPatch)
  /// `toRevision: nil` means the previous revision.
  case rollbackCluster(ClusterKey, toRevision: Int?, apiVersion: APIVersion)
  case deleteCluster(ClusterKey)
  /// `seq` is the change that the caller means to confirm; `nil` is the one that is pending.
  case confirmCluster(ClusterKey, seq: Int?)
  case registerFeature(FeatureKey)
  case unregisterFeature(FeatureKey)
  case registerProvider(ProviderKey)
  case unregisterProvider(ProviderKey)
  /// `version: nil` keeps the recorded version; where none is recorded it means the latest.
  case setExtension(name: String, version: String?)

  /// The wire's method, as the log names it.
  package var method: String {
    switch self {
    case .createCluster: "cluster.create"
    case .updateCluster: "cluster.update"
    case .rollbackCluster: "cluster.rollback"
    case .deleteCluster: "cluster.delete"
    case .confirmCluster: "cluster.confirm"
    case .registerFeature: "feature.register"
    case .unregisterFeature: "feature.unregister"
    case .registerProvider: "provider.register"
    case .unregisterProvider: "provider.unregister"
    case .setExtension: "extension.set"
    }
  }

  package var kind: ResourceKind {
    switch self {
    case .createCluster, .updateCluster, .rollbackCluster, .deleteCluster, .confirmCluster: .cluster
    case .registerFeature, .unregisterFeature: .feature
    case .registerProvider, .unregisterProvider: .provider
    case .setExtension: .extension
    }
  }

  /// The cluster that it is about; `nil` for a registration.
  package var clusterKey: ClusterKey? {
    switch self {
    case .createCluster(let key, _), .updateCluster(let key, _), .rollbackCluster(let key, _, _),
      .deleteCluster(let key), .confirmCluster(let key, _):
      key
    case .registerFeature, .unregisterFeature, .registerProvider, .unregisterProvider, .setExtension: nil
    }
  }

  /// What it is about, for a person.
  package var subject: String {
    switch self {
    case .createCluster(let key, _), .updateCluster(let key, _), .rollbackCluster(let key, _, _),
      .deleteCluster(let key), .confirmCluster(let key, _):
      key.display
    case .registerFeature(let key), .unregisterFeature(let key): key.display
    case .registerProvider(let key), .unregisterProvider(let key): key.display
    case .setExtension(let name, _): name
    }
  }
}

/// What a create or update sets. Absent members stay as they are.
package struct ClusterPatch: Sendable, Hashable {
  /// Replaces the whole document.
  package let document: KubeProxyDocument?
  package let facts: FactsPatch
  package let labels: LabelsPatch
  package let apiVersion: APIVersion

  package init(
    document: KubeProxyDocument? = nil, facts: FactsPatch = FactsPatch(), labels: LabelsPatch = LabelsPatch(),
    apiVersion: APIVersion = .newest
  ) {
    self.document = document
    self.facts = facts
    self.labels = labels
    self.apiVersion = apiVersion
  }
}

/// The parameters that every change takes besides its resource.
package struct ChangeOptions: Sendable, Hashable {
  /// Why, in the caller's words.
  package var message: String?
  /// A guard: the change is refused unless this is the cluster's current revision. 0 is "no such cluster".
  package var ifRevision: Int?
  /// The same for `updatedSeq`, which changes of facts and labels increase too.
  package var ifSeq: Int?
  package var planDigest: String?
  package var overrides: [String]
  /// Seconds after which the change is reverted unless it is confirmed.
  package var confirmWithinSeconds: Int?
  /// Plan only: report, and commit nothing.
  package var dryRun: Bool
  /// Records a registration although its name is close to one that is known. Nothing else that refuses a change looks at it.
  package var force: Bool
  /// Idempotency key in the scope of the caller's uid.
  package var requestID: String?
  /// The parameters of the request in canonical form.
  package var params: JSON

  package init(
    message: String? = nil, ifRevision: Int? = nil, ifSeq: Int? = nil, planDigest: String? = nil,
    overrides: [String] = [], confirmWithinSeconds: Int? = nil, dryRun: Bool = false, force: Bool = false,
    requestID: String? = nil, params: JSON = [:]
  ) {
    self.message = message
    self.ifRevision = ifRevision
    self.ifSeq = ifSeq
    self.planDigest = planDigest
    self.overrides = overrides
    self.confirmWithinSeconds = confirmWithinSeconds
    self.dryRun = dryRun
    self.force = force
    self.requestID = requestID
    self.params = params
  }

  /// The parameters that say how a change is executed and not what it is: a plan and its commit may differ in them.
  package static let executionParameters = ["dryRun", "planDigest", "requestId", "message", "ifRevision", "ifSeq"]
}
