// ENV-02: NFTABLES on a kernel that cannot run it, which costs a node its Service rules.

package import FairleadModel

/// kube-proxy removes the other modes' rules first and looks at the kernel afterwards. On one that is too old it then
/// exits, again at every restart, and the node is left without any rules.
///
/// It implies MODE-01: where all rules are gone for good, there is no first sync to wait for. With a known version
/// below 1.33 AKS does not start nftables at all, so the trap springs with an upgrade that leaves the kernel old, which
/// no fact can foretell. An unknown kernel weighs little from 1.33 on, since the images that AKS gives such nodes are
/// new enough.
package enum ENV02: Rule {
  package static let id = "ENV-02"
  package static let kind = RuleKind.state
  package static let title = "NFTABLES on a kernel before 5.13 leaves a node without Service rules"
  package static let source =
    "kubernetes cmd/kube-proxy/app/options.go Run(), pkg/proxy/nftables/supported.go; KEP-5343"
  package static let folds = ["MODE-01"]

  static let minimum = DottedVersion(5, 13)

  package static func evaluate(_ change: Judgement) -> Finding? {
    guard change.after.mode == .nftables else { return nil }
    let version = change.facts.version(.kubernetesVersion)
    let verify = "kubectl get nodes -o custom-columns=NAME:.metadata.name,KERNEL:.status.nodeInfo.kernelVersion"
    guard let kernel = change.facts.version(.minKernelVersion) else {
      let context =
        version.map {
          $0 < ENV01.minimum
            ? "On Kubernetes \($0.text) AKS does not start nftables, so it matters from the upgrade to 1.33 on."
            : "AKS's own node images for Kubernetes \($0.text) are new enough; an image of another origin may not be."
        } ?? "The Kubernetes version, which would tell the age of the node images, is not recorded either."
      return unverified(
        .minKernelVersion, severity: version == nil ? .medium : .low,
        detail: "The lowest kernel version among the nodes is not recorded. Before \(minimum.text) a node loses all "
          + "its Service rules, and kube-proxy then exits at every start. \(context)",
        remedy: "Look the kernels up, and record the lowest with \(FactKey.minKernelVersion.flag).", verify: verify)
    }
    guard kernel < minimum else { return nil }
    let remedy = "Upgrade the node images to a kernel of \(minimum.text) or newer before NFTABLES is chosen."
    if let version, version < ENV01.minimum {
      return finding(
        .critical, .may,
        detail: "A node runs kernel \(kernel.text). On Kubernetes \(version.text) AKS does not start nftables. Once an "
          + "upgrade to \(ENV01.minimum.text) does, a node that still has this kernel loses all its Service rules, and "
          + "kube-proxy then exits at every start.",
        remedy: remedy, verify: verify)
    }
    return finding(
      .critical,
      detail: "A node runs kernel \(kernel.text). kube-proxy there first removes the rules of the other modes, then "
        + "finds the kernel too old and exits, at every start: the node serves no Service, and nothing brings the old "
        + "rules back.",
      remedy: remedy, verify: verify)
  }
}
