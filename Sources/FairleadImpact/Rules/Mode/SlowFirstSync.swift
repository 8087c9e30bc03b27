// MODE-07: the first sync in NFTABLES may take minutes on a large cluster.

package import FairleadModel

/// The first sync writes all rules in one go. On clusters with many Services or endpoints that has been seen to take
/// from thirteen to seventeen minutes: 5,006 Services with 250,011 endpoints on a version around 1.34, and 44,125
/// Services on 1.36.1. Until it ends, a node that has just changed its mode serves no new connection to a Service.
///
/// How long it takes depends on the version and on the node, and upstream's work on it goes on. No recorded fact
/// settles it. The number of endpoints is not recorded either: Fairlead takes the pods of the Service that matters most
/// for all of them, which says too much rather than too little.
///
/// - When: kube-proxy is to run in NFTABLES on nodes that have not run it before, on a Kubernetes version that runs it,
///   with 5,000 Services or more, or 100,000 endpoints or more.
/// - Severity: high, as something that may be; low where it is the number of Services, or of the pods behind 1,000
///   Services or more, that is unknown.
/// - Remedy: time the first sync on one node, or on a cluster of the same size, before the rest follows.
package enum SlowFirstSync: Rule {
  package static let id = "MODE-07"
  package static let kind = RuleKind.transition
  package static let title = "The first sync in NFTABLES may take minutes"
  package static let source = "kubernetes/kubernetes#135639, #139513, #139328; KEP-5343"

  static let manyServices = 5_000
  static let manyEndpoints = 100_000
  /// Below this, `manyEndpoints` would take more than a hundred pods behind every Service.
  static let someServices = 1_000

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard !change.isCreation, change.introduces(.nftables), change.mayStartNFTables else { return nil }
    let services = change.facts.count(.serviceCount)
    let pods = change.facts.count(.podsPerService)
    // Where the number of Services is unknown, at least one has the pods. Both are within int32, so the product fits.
    let endpoints = pods.map { $0 * (services ?? 1) }
    if (services ?? 0) >= manyServices || (endpoints ?? 0) >= manyEndpoints {
      let size = change.services ?? "one Service"
      let all = endpoints.map { $0 > 0 ? ", with up to \(counted($0, "endpoint"))" : "" } ?? ""
      return finding(
        .high, .may,
        detail: "The first sync writes the rules of \(size)\(all). On clusters of such a size it has taken 13 to 17 "
          + "minutes. \(meanwhile(change))",
        remedy: "Time it on a cluster of this size, or on the first node, before the rest follows.",
        hint: "The command shows, on a node, when the last sync ended.",
        verify: metric)
    }
    let missing: FactKey
    if services == nil {
      missing = .serviceCount
    } else if (services ?? 0) >= someServices, pods == nil {
      missing = .podsPerService
    } else {
      return nil
    }
    let what = missing == .serviceCount ? "The number of Services" : "The number of pods behind a Service"
    return unverified(
      missing, severity: .low,
      detail: "\(what) is not recorded. With \(manyServices) Services or \(manyEndpoints) endpoints in all, the first "
        + "sync in NFTABLES may take minutes on each node. \(meanwhile(change))",
      remedy: "Count them, record the number with \(missing.flag), and plan again.", verify: count(missing))
  }

  package static func steps(for change: ConfigChange) -> [Step] {
    let before = Step(
      .before,
      "Count the Services and their endpoint slices, to know how much the first sync in NFTABLES has to write.",
      commands: [count(.serviceCount), count(.podsPerService)], rules: [id])
    guard evaluate(change)?.certainty == .may else { return [before] }
    let after = Step(
      .after,
      "Wait on the first node until its first sync has ended: the time of the last sync stands still before that.",
      commands: [NodeCommands.command(metric)], rules: [id])
    return [before, after]
  }

  private static let metric =
    "curl -s http://localhost:10249/metrics | grep ^kubeproxy_sync_proxy_rules_last_timestamp_seconds"

  private static func count(_ fact: FactKey) -> String {
    "kubectl get \(fact == .serviceCount ? "services" : "endpointslices") -A --no-headers | wc -l"
  }

  private static func meanwhile(_ change: ConfigChange) -> String {
    change.modeOnNodes == nil
      ? "Until it ends, the node has no Service rules, or those of an earlier run."
      : "Until it ends, the node serves no new connection to a Service."
  }
}
