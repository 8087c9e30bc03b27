// MODE-09: a restart of kube-proxy may move UDP flows to other pods.

package import FairleadModel

/// The kernel remembers which pod a UDP flow goes to. Up to Kubernetes 1.31 kube-proxy deletes that record for all
/// Services in its first sync, and the next packet of each flow may go to another pod: QUIC connections break, and DNS
/// and syslog balance anew. Every restart does so, also one that only brings new IPVS timeouts.
///
/// From 1.32 on kube-proxy deletes only what leads to no current endpoint. The report that this mends is still open
/// upstream, so Fairlead goes on saying it there, more quietly. In IPVS a restart leaves the IPVS table, which
/// remembers flows too and may keep them where they are.
///
/// - When: kube-proxy restarts into another configuration, and a Service speaks UDP.
/// - Severity: medium, as something that may be; low from Kubernetes 1.32 on. Where it is not recorded whether any
///   Service speaks UDP, low, and info from 1.32 on.
/// - Remedy: announce it to whoever runs QUIC, syslog or DNS through a Service.
package enum UDPFlowsMove: Rule {
  package static let id = "MODE-09"
  package static let kind = RuleKind.transition
  package static let title = "UDP flows may move to other pods"
  package static let source = "kubernetes/kubernetes#122740, #126130, #126468"

  /// The first version that compares the kernel's record with the endpoints.
  static let reconciled = DottedVersion(1, 32)

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    // Where kube-proxy starts after a time without it, ENB-02 asks for a reboot of every node, which no flow outlives.
    guard let before = change.before, before.enabled, before != change.after, change.after.enabled,
      change.facts.count(.serviceCount) != 0
    else { return nil }
    let version = change.facts.version(.kubernetesVersion)
    let isMended = version.map { $0 >= reconciled } ?? false
    let effect =
      switch version {
      case .some(let version) where isMended:
        "On Kubernetes \(version.text) the first sync of kube-proxy should leave UDP flows with their pods, but the "
          + "report of their loss is still open upstream."
      case .some(let version):
        "On Kubernetes \(version.text) the first sync of kube-proxy deletes what the kernel remembers of UDP flows to "
          + "Services, and the next packet may go to another pod."
      case .none:
        "Up to Kubernetes 1.31 the first sync of kube-proxy deletes what the kernel remembers of UDP flows to "
          + "Services, and the next packet may go to another pod; the version is not recorded."
      }
    let ipvs = change.staysIPVS ? " The IPVS table, which stays, may keep flows where they are." : ""
    guard let usesUDP = change.facts.bool(.usesUdpServices) else {
      return unverified(
        .usesUdpServices, severity: isMended ? .info : .low,
        detail: "It is not recorded whether any Service speaks UDP, beside the cluster's own DNS. \(effect)\(ipvs)",
        remedy: "List the Services that do, record the answer with \(FactKey.usesUdpServices.flag), and plan again.",
        verify: list)
    }
    guard usesUDP else { return nil }
    return finding(
      isMended ? .low : .medium, .may,
      detail: "Services of this cluster speak UDP. \(effect)", more: ipvs,
      remedy:
        "Tell the owners of these Services; QUIC clients connect anew, and senders of syslog go on to another pod.",
      verify: list)
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    guard change.facts.bool(.usesUdpServices) == true else { return [] }
    return [
      Step(
        .before, "List the Services that speak UDP, and tell their owners when flows may move.", commands: [list],
        rules: [id])
    ]
  }

  private static let list =
    "kubectl get services -A -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,"
    + "PROTOCOLS:.spec.ports[*].protocol' | grep UDP"
}
