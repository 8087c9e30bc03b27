// Refuses a registration whose name is a letter or two from the one that counts.

internal import FairleadModel
internal import FairleadStore

/// The judge knows one feature, one provider and one extension. A registration next to one of them opens no gate, and says
/// Registered all the same. What is on record under such a name may be recorded again, and so unregistered, without `force`.
enum MisspeltNames {
  static func check(_ request: ChangeRequest, _ options: ChangeOptions, on state: CurrentState) throws(Refusal) {
    guard !options.force else { return }
    switch request {
    case .registerFeature(let key), .unregisterFeature(let key):
      guard state.feature(key) == nil else { return }
      let known = FeatureKey.kubeProxyPreview(in: key.provider.subscription)
      try check(key.provider, on: state)
      guard key.provider.folded == known.provider.folded else { return }
      try check(key.name, at: "name", known.name, "the feature that gates a kube-proxy configuration")
    case .registerProvider(let key), .unregisterProvider(let key): try check(key, on: state)
    case .setExtension(let name, _):
      guard state.clientExtension(name) == nil else { return }
      try check(name, at: "name", ClientExtension.aksPreview, "the extension that the az commands of a report need")
    case .createCluster, .updateCluster, .rollbackCluster, .deleteCluster, .confirmCluster: break
    }
  }

  private static func check(_ key: ProviderKey, on state: CurrentState) throws(Refusal) {
    guard state.provider(key) == nil, state.features(of: key).isEmpty else { return }
    let known = ProviderKey.containerService(in: key.subscription).namespace
    try check(key.namespace, at: "namespace", known, "the provider of AKS")
  }

  private static func check(_ word: String, at path: String, _ known: String, _ role: String) throws(Refusal) {
    guard isMisspelt(word, of: known) else { return }
    throw .invalid(
      path,
      "cannot take '\(word)' for \(path): did you mean '\(known)', \(role)? With force it is recorded as it is spelt",
      nearest: known)
  }
}
