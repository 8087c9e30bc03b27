// GATE-01: a registration that ends takes the way back from clusters.

package import FairleadModel

/// Not of the catalogue, whose rules judge configurations: this one judges the end of a feature's or provider's
/// registration. A cluster that runs a configuration of its own keeps it, and can neither change it nor roll it back.
package enum GATE01 {
  package static let id = "GATE-01"

  /// The finding for a registration change that closes the gate over `clusters`, of which `stuck` run a configuration of
  /// their own; `nil` where it closes it over none.
  package static func finding(clusters: Int, stuck: Int, reopen: String) -> Finding? {
    guard clusters > 0 else { return nil }
    let detail =
      stuck > 0
      ? "\(stuck) of the subscription's \(clusters) clusters run a kube-proxy configuration of their own; it stays in "
        + "force and can be neither changed nor rolled back until the registration is back."
      : "None of the subscription's \(clusters) clusters runs a kube-proxy configuration of its own, and none can be "
        + "given one until the registration is back."
    return Finding(
      rule: id, severity: stuck > 0 ? .medium : .low, certainty: .will,
      title: stuck > 0 ? "Configurations become stuck" : "Configurations can no longer change", detail: detail,
      remedy: stuck > 0
        ? "Roll those clusters back to the defaults first, or keep the registration." : "Keep the registration.",
      verify: reopen, source: "AKS article, Before you begin; KubeProxyConfigFeatureNotRegistered")
  }
}
