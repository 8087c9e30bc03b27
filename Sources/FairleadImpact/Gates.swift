// The gates: what must hold in the subscription before a configuration may change.

package import FairleadModel

package enum Gates {
  /// What a change to a configuration of this mode needs, met or not, each with the command that meets it.
  ///
  /// Source: the AKS article's "Before you begin"; Azure/bicep-types-az for the API versions.
  package static func prerequisites(
    subscription: String, apiVersion: APIVersion, mode: ProxyMode?, feature: Feature?, provider: Provider?,
    clientExtension: ClientExtension?
  ) -> [Prerequisite] {
    remembered.value(
      for: Position(
        subscription: subscription, apiVersion: apiVersion, mode: mode, feature: feature, provider: provider,
        clientExtension: clientExtension)
    ) { position in
      [
        prerequisite(apiVersion: position.apiVersion, mode: position.mode),
        prerequisite(feature: position.feature, key: .kubeProxyPreview(in: position.subscription)),
        prerequisite(
          provider: position.provider, feature: position.feature, key: .containerService(in: position.subscription)),
        prerequisite(clientExtension: position.clientExtension),
      ]
    }
  }

  /// All that the gates depend on. It changes a few times in a subscription's life, and every change of a cluster needs
  /// the prerequisites.
  private struct Position: Hashable {
    let subscription: String
    let apiVersion: APIVersion
    let mode: ProxyMode?
    let feature: Feature?
    let provider: Provider?
    let clientExtension: ClientExtension?
  }

  private static let remembered = Memo<Position, [Prerequisite]>(limit: 64)

  /// Whether a subscription's feature lets configurations change.
  package static func isOpen(_ feature: Feature?) -> Bool {
    feature?.state == .registered && feature?.propagated == true
  }

  /// Azure's code for what it would answer to the first unmet gate.
  package static func azureCode(of prerequisites: [Prerequisite], provider: Provider?) -> String? {
    guard let unmet = prerequisites.first(where: { $0.id.isGate && !$0.met }) else { return nil }
    switch unmet.id {
    case .apiVersion: return "NoRegisteredProviderFound"
    case .feature: return "KubeProxyConfigFeatureNotRegistered"
    case .provider:
      return provider?.state == .registered ? "KubeProxyConfigFeatureNotRegistered" : "MissingSubscriptionRegistration"
    case .extension: return nil
    }
  }

  private static func prerequisite(apiVersion: APIVersion, mode: ProxyMode?) -> Prerequisite {
    let needed: APIVersion = mode == .nftables ? .firstWithNFTables : .first
    let met = apiVersion.carries(mode)
    let detail: String
    if met {
      detail = "API version \(apiVersion.text) carries the configuration."
    } else if !apiVersion.isPreview {
      detail =
        "API version \(apiVersion.text) is a stable one, and only preview versions carry a kube-proxy configuration."
    } else {
      let what = mode == .nftables ? "mode NFTABLES" : "a kube-proxy configuration"
      detail = "API version \(apiVersion.text) is too old: \(what) travels from \(needed.text) on."
    }
    return Prerequisite(id: .apiVersion, met: met, detail: detail, command: "--api-version \(APIVersion.newest.text)")
  }

  private static func prerequisite(feature: Feature?, key: FeatureKey) -> Prerequisite {
    let name = key.name
    let state = feature?.state ?? .notRegistered
    let register = "fairlead feature register \(key.flags)"
    switch state {
    case .registered:
      return Prerequisite(id: .feature, met: true, detail: "The feature \(name) is Registered.", command: register)
    case .registering:
      let due = feature?.pending.map { "; it settles at \($0.dueAt.text)" } ?? ""
      return Prerequisite(
        id: .feature, met: false, detail: "The feature \(name) is still Registering\(due).",
        command: "fairlead feature show \(key.flags)")
    case .notRegistered, .unregistering, .unregistered:
      return Prerequisite(
        id: .feature, met: false, detail: "The feature \(name) is \(state.rawValue), not Registered.", command: register
      )
    }
  }

  private static func prerequisite(provider: Provider?, feature: Feature?, key: ProviderKey) -> Prerequisite {
    let namespace = key.namespace
    let register = "fairlead provider register \(key.flags)"
    if isOpen(feature) {
      return Prerequisite(
        id: .provider, met: true, detail: "The provider \(namespace) has picked the feature up.", command: register)
    }
    if feature?.state == .registered, let pending = provider?.pending, provider?.state != .unregistering,
      pending.requestedSeq > feature?.registeredSeq ?? Int.max
    {
      return Prerequisite(
        id: .provider, met: false,
        detail: "The provider \(namespace) is picking the feature up; it settles at \(pending.dueAt.text).",
        // The provider shows Registered all the while; the feature shows whether it has been picked up.
        command: feature.map { "fairlead feature show \($0.key.flags)" } ?? "fairlead provider show \(key.flags)")
    }
    let state = provider?.state ?? .notRegistered
    let why =
      if state != .registered {
        "is \(state.rawValue)"
      } else if feature?.state == .registered {
        "has not been registered again since the feature became Registered"
      } else {
        "is to be registered again once the feature is Registered"
      }
    return Prerequisite(
      id: .provider, met: false, detail: "The provider \(namespace) \(why).", command: register)
  }

  private static func prerequisite(clientExtension: ClientExtension?) -> Prerequisite {
    let name = ClientExtension.aksPreview
    let detail =
      clientExtension.map { "The az extension \(name) is on record, version \($0.version)." }
      ?? "The az extension \(name) is not on record; the az commands below need it, the change itself does not."
    return Prerequisite(
      id: .extension, met: clientExtension != nil, detail: detail, command: "fairlead extension add --name \(name)")
  }
}
