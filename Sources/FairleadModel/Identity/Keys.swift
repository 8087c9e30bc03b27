// The identities of clusters, features and providers, as written and as compared.

internal import ExactJSON

/// The subscription of a request that names none.
package let defaultSubscription = "default"

/// The default subscription has one spelling, since records leave it out; any other is kept as written.
private func spelled(_ subscription: String) -> String {
  subscription.hasSameBytes(as: defaultSubscription) || !subscription.isLowered(into: defaultSubscription)
    ? subscription : defaultSubscription
}

/// A cluster's identity, kept as written. Two keys are the same cluster when their `folded` texts are equal.
package struct ClusterKey: Sendable, Hashable {
  package let subscription: String
  package let resourceGroup: String
  package let name: String
  /// The identity as it is stored and compared: A to Z without case, and everything else by its bytes. None of the three names can
  /// contain '/', so the text is unambiguous. Computed once, since a change needs it a dozen times.
  package let folded: String

  package init(subscription: String = defaultSubscription, resourceGroup: String, name: String) {
    self.subscription = spelled(subscription)
    self.resourceGroup = resourceGroup
    self.name = name
    folded = "\(self.subscription)/\(resourceGroup)/\(name)".folded
  }

  /// Reads `subscription`, `resourceGroup` and `name`, and checks them by Azure's rules.
  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    let subscription = try reader.string("subscription") ?? defaultSubscription
    let resourceGroup = try reader.requiredString("resourceGroup")
    let name = try reader.requiredString("name")
    try NameRule.subscription.check(subscription, at: reader.path(of: "subscription"))
    try NameRule.resourceGroup.check(resourceGroup, at: reader.path(of: "resourceGroup"))
    try NameRule.cluster.check(name, at: reader.path(of: "name"))
    self.init(subscription: subscription, resourceGroup: resourceGroup, name: name)
  }

  /// Whether Azure would take its names. Another program can write others into a ledger.
  package var hasGoodNames: Bool {
    NameRule.subscription.accepts(subscription) && NameRule.resourceGroup.accepts(resourceGroup)
      && NameRule.cluster.accepts(name)
  }

  /// The identity for a person: `resourceGroup/name`, led by the subscription where it is not the default.
  package var display: String {
    subscription == defaultSubscription ? "\(resourceGroup)/\(name)" : "\(subscription)/\(resourceGroup)/\(name)"
  }

  /// The members that name this cluster on the wire; `subscription` only where it is not the default.
  package func write(to sink: inout some JSONMemberWriter & ~Copyable) {
    if subscription != defaultSubscription { sink.set("subscription", subscription) }
    sink.set("resourceGroup", resourceGroup)
    sink.set("name", name)
  }
}

/// A resource provider's identity in a subscription.
package struct ProviderKey: Sendable, Hashable {
  package let subscription: String
  package let namespace: String

  package init(subscription: String = defaultSubscription, namespace: String) {
    self.subscription = spelled(subscription)
    self.namespace = namespace
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      subscription: try reader.string("subscription") ?? defaultSubscription,
      namespace: try reader.requiredString("namespace"))
    try NameRule.subscription.check(subscription, at: reader.path(of: "subscription"))
    try NameRule.namespace.check(namespace, at: reader.path(of: "namespace"))
  }

  package var folded: String { "\(subscription)/\(namespace)".folded }

  package var display: String {
    subscription == defaultSubscription ? namespace : "\(subscription)/\(namespace)"
  }

  package func write(to sink: inout some JSONMemberWriter & ~Copyable) {
    if subscription != defaultSubscription { sink.set("subscription", subscription) }
    sink.set("namespace", namespace)
  }

  /// The provider whose features gate a kube-proxy configuration.
  package static func containerService(in subscription: String) -> ProviderKey {
    ProviderKey(subscription: subscription, namespace: "Microsoft.ContainerService")
  }
}

/// A feature flag's identity: a name under a provider.
package struct FeatureKey: Sendable, Hashable {
  package let provider: ProviderKey
  package let name: String

  package init(provider: ProviderKey, name: String) {
    self.provider = provider
    self.name = name
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(provider: try ProviderKey(reader), name: try reader.requiredString("name"))
    try NameRule.feature.check(name, at: reader.path(of: "name"))
  }

  package var folded: String { "\(provider.folded)/\(name.folded)" }
  package var display: String { "\(provider.display)/\(name)" }

  package func write(to sink: inout some JSONMemberWriter & ~Copyable) {
    provider.write(to: &sink)
    sink.set("name", name)
  }

  /// The preview flag behind which AKS keeps the kube-proxy configuration.
  package static func kubeProxyPreview(in subscription: String) -> FeatureKey {
    FeatureKey(provider: .containerService(in: subscription), name: "KubeProxyConfigurationPreview")
  }
}
