// GATE-01: when a registration ends, clusters can neither change their configuration nor roll it back.

package import FairleadModel

/// A kube-proxy configuration may be changed only while the feature KubeProxyConfigurationPreview is registered and the
/// provider Microsoft.ContainerService has picked it up. When the registration ends, a cluster keeps the configuration
/// that it runs, and can neither change it nor roll it back.
///
/// - When: a feature or a provider is unregistered, and the subscription has clusters.
/// - Severity: medium where a cluster runs a configuration of its own, and is stuck with it; low otherwise.
/// - Remedy: roll those clusters back to the defaults first, or keep the registration.
package enum RegistrationEnds: CatalogueEntry {
  package static let id = "GATE-01"
  package static let title = "Configurations can no longer change"
  package static let source = "AKS article, Before you begin; KubeProxyConfigFeatureNotRegistered"

  /// The finding for the end of a registration in a subscription of so many `clusters`, of which `stuck` run a
  /// configuration of their own; `nil` without clusters. `reopen` is the command that registers again.
  package static func finding(clusters: Int, stuck: Int, reopen: String) -> Finding? {
    guard clusters > 0 else { return nil }
    let detail =
      stuck > 0
      ? "\(stuck) of the subscription's \(clusters) clusters run a kube-proxy configuration of their own; it stays in "
        + "force and can be neither changed nor rolled back until the registration is back."
      : "None of the subscription's \(clusters) clusters runs a kube-proxy configuration of its own, and none can be "
        + "given one until the registration is back."
    return Finding(
      rule: id, severity: stuck > 0 ? .medium : .low, certainty: .will, title: title, detail: detail,
      remedy: stuck > 0
        ? "Roll those clusters back to the defaults first, or keep the registration." : "Keep the registration.",
      verify: reopen, source: source)
  }
}
