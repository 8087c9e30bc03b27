// RST-02: a restart of kube-proxy over an IPVS table in use can leave pods at weight 0.

package import FairleadModel

/// kube-proxy gives a pod that goes away, or is not ready, the weight 0, and forgets at a restart that it did. Up to
/// Kubernetes 1.25 a pod that was ready again by then could keep that weight: it gets no new connections, and a Service
/// whose pods all have weight 0 answers none ("no destination available"). From 1.26 on the first sync sets every
/// weight anew (kubernetes/kubernetes#111635), so nothing is left to warn of.
///
/// The issues #92019 and #108319 tell of it without an upper version, and the fix is later than both; the finding goes
/// by the fix. Which pods roll at that moment cannot be recorded.
///
/// - When: kube-proxy starts anew in IPVS on nodes that hold an IPVS table already, on Kubernetes before 1.26.
/// - Severity: medium; low where the Kubernetes version is not recorded (`--kubernetes-version`).
/// - Remedy: hold application rollouts back while kube-proxy rolls out, and look for pods of weight 0 afterwards.
package enum PodsLeftAtWeightZero: Rule {
  package static let id = "RST-02"
  package static let kind = RuleKind.transition
  package static let title = "Pods that roll meanwhile can be left without traffic"
  package static let source = "kubernetes/kubernetes#92019, kubernetes/kubernetes#108319, kubernetes/kubernetes#111635"

  static let fixed = DottedVersion(1, 26)

  private static let verify = "ipvsadm -Ln | awk '$1 == \"->\" && $4 == 0'"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard change.before != change.after, change.modeOnNodes == .ipvs, change.after.mode == .ipvs else { return nil }
    let effect =
      "A pod that is not ready when kube-proxy stops can keep weight 0 on \(change.eachNode) once it is, and gets no new "
      + "connections there."
    let remedy = "Hold application rollouts back while kube-proxy rolls out."
    let hint =
      "The command lists, on a node, the pods of weight 0; one that is ready and stays there is cured by replacing it."
    guard let version = change.facts.version(.kubernetesVersion) else {
      return unverified(
        .kubernetesVersion, severity: .low,
        detail:
          "The Kubernetes version is not recorded. Before \(fixed.text), kube-proxy does not set weights anew when "
          + "it starts over an IPVS table. \(effect)",
        remedy: "Record the version with \(FactKey.kubernetesVersion.flag). \(remedy)", hint: hint, verify: verify)
    }
    guard version < fixed else { return nil }
    return finding(
      .medium, .may,
      detail: "On Kubernetes \(version.text) kube-proxy does not set weights anew when it starts over an IPVS table. "
        + effect,
      more: change.lastRunNote, remedy: remedy, hint: hint, verify: verify)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    [
      Step(
        .before, "Let application rollouts end, and hold new ones back until every kube-proxy pod has been replaced.",
        rules: [id]),
      Step(
        .after, "On each node, look for pods of weight 0. One that is ready and stays there has to be replaced.",
        commands: [verify], rules: [id]),
    ]
  }
}
