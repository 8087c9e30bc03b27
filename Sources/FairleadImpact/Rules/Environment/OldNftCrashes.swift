// ENV-04: an nft program in kube-proxy's image that crashes on rules of a newer one.

package import FairleadModel

/// Up to Kubernetes 1.36 kube-proxy writes its rules with the nft program of its own image, which first reads what is
/// on the node. Where a newer nft, from 1.1.3 on, has written rules there, an older one crashes on them; kube-proxy
/// then ends no sync, and the node has no Service rules. From 1.37 on kube-proxy speaks to the kernel by itself.
///
/// The sources disagree about where it is mended: a fix went to the patch releases of 1.33 to 1.35 in March 2026, a
/// report on 1.36 found it insufficient, and images with nft 1.0.6.1 came in July. Where it happens it is grave.
/// Fairlead says medium all the same: the node images of AKS have nft 1.0.2 to 1.0.9, which write no such rules, so that
/// it takes a program in a container on the host's network to bring them. Versions of nft are no recorded fact.
///
/// - When: kube-proxy is to run in NFTABLES on nodes that have not run it before, as far as is recorded, on Kubernetes
///   1.33 to 1.36 or on an unknown version. Below 1.33 AKS does not start nftables (ENV-01).
/// - Severity: medium, as something that may be; low where the Kubernetes version is unknown.
/// - Remedy: look for crashes in the log of the first node's kube-proxy, and upgrade to Kubernetes 1.37 if there are
///   any.
package enum OldNftCrashes: Rule {
  package static let id = "ENV-04"
  package static let kind = RuleKind.state
  package static let title = "An old nft may crash on rules of a newer one"
  package static let source = "kubernetes/kubernetes#136786, #140405, #140898; k0sproject/k0s#7293"

  /// The first version whose kube-proxy does without the nft program.
  static let withoutProgram = DottedVersion(1, 37)
  static let words = "signal: segmentation fault"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.introduces(.nftables), change.mayStartNFTables else { return nil }
    let cause = "kube-proxy writes its rules with the nft of its own image up to Kubernetes 1.36."
    let effect =
      " If another program on a node, with nft 1.1.3 or newer, has written rules there, an older nft crashes on them: "
      + "no sync ends, and the node serves no Service."
    guard let version = change.facts.version(.kubernetesVersion) else {
      return unverified(
        .kubernetesVersion, severity: .low,
        detail: "The Kubernetes version is not recorded. \(cause)\(effect)",
        remedy: "Record the version with \(FactKey.kubernetesVersion.flag), and plan again.", verify: "kubectl version")
    }
    guard version < withoutProgram else { return nil }
    return finding(
      .medium, .may,
      detail: "The cluster runs Kubernetes \(version.text). \(cause)",
      more: "\(effect) The node images of AKS have nft 1.0.2 to 1.0.9; "
        + "a container on the host's network may bring a newer one.",
      remedy: "Look for crashes on the first node. The latest patch release of Kubernetes has the newest nft; from "
        + "\(withoutProgram.text) on kube-proxy needs none.",
      verify: NodeCommands.search(logs: words))
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .after,
        "Look for crashes of nft in kube-proxy's log on the first node. If there are any, go back: the node serves no "
          + "Service until you do.",
        commands: [NodeCommands.search(logs: words)], rules: [id])
    ]
  }
}
