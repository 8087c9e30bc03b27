// ENV-02: NFTABLES on a kernel that cannot run it, which costs a node its Service rules.

package import FairleadModel

/// In NFTABLES mode kube-proxy removes the other modes' rules first and looks at the kernel afterwards. On a kernel
/// before 5.13 it then exits, again at every restart: the node is left without any Service rules, and nothing brings
/// the old ones back.
///
/// With a known Kubernetes version below 1.33 AKS does not start nftables at all (ENV-01). The trap then springs with
/// an upgrade that leaves the kernel old, which nothing recorded can foretell. From 1.33 on the node images of AKS are
/// new enough, so that an unknown kernel weighs little there.
///
/// - When: kube-proxy is to run in NFTABLES, and the lowest kernel among the nodes is older than 5.13 or unknown.
/// - Severity: critical. Where the kernel is unknown, medium, and low on a known Kubernetes version.
/// - Remedy: upgrade the node images to a kernel of 5.13 or newer before NFTABLES is chosen.
package enum NFTablesOnOldKernel: Rule {
  package static let id = "ENV-02"
  package static let kind = RuleKind.state
  package static let title = "NFTABLES on a kernel before 5.13 leaves a node without Service rules"
  package static let source =
    "kubernetes cmd/kube-proxy/app/options.go Run(), pkg/proxy/nftables/supported.go; KEP-5343"
  // Where all rules are gone for good, a gap until the first sync needs no finding.
  package static let folds: [any Rule.Type] = [BriefInterruption.self]

  private static let minimum = NFTablesSupport.minimumKernel
  private static let verify =
    "kubectl get nodes -o custom-columns=NAME:.metadata.name,KERNEL:.status.nodeInfo.kernelVersion"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.after.mode == .nftables else { return nil }
    let version = change.facts.version(.kubernetesVersion)
    guard let kernel = change.facts.version(.minKernelVersion) else {
      let context =
        version.map {
          $0 < NFTablesSupport.minimumKubernetes
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
    if let version, version < NFTablesSupport.minimumKubernetes {
      return finding(
        .critical, .may,
        detail: "A node runs kernel \(kernel.text). On Kubernetes \(version.text) AKS does not start nftables. Once an "
          + "upgrade to \(NFTablesSupport.minimumKubernetes.text) does, a node that still has this kernel loses all its Service rules, and "
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

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before,
        "Look at the kernel of every node. One before \(minimum.text) is to be upgraded or replaced before kube-proxy "
          + "starts in NFTABLES there.",
        commands: [verify], rules: [id])
    ]
  }
}
