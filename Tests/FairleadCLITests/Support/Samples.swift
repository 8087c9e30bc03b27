// Reports, clusters and answers that the tests share.

internal import ExactJSON
internal import FairleadModel

enum Sample {
  /// A change that breaks things: findings of three severities out of order, a missing fact, a command of two lines.
  static let dangerous = Report(
    planDigest: "v1:aa:bb", subject: "prod/web", verdict: .critical,
    summary: "update prod/web: mode IPTABLES -> IPVS",
    notes: [
      "Read the key 'TCPTimeoutSeconds' as 'tcpTimeoutSeconds', its spelling since the first preview's articles."
    ],
    overridden: ["LIFE-01"],
    diff: [
      DiffEntry(path: "mode", before: "IPTABLES", after: "IPVS", beforeIsDefault: true),
      DiffEntry(path: "ipvsConfig.scheduler", before: .null, after: "RoundRobin", afterIsDefault: true),
    ],
    findings: [
      Finding(
        rule: "ENV-03", severity: .medium, certainty: .unknown, title: "The kernel may lack IPVS",
        detail: "The lowest kernel version is not recorded.", remedy: "Record it.", verify: "uname -r",
        source: "server_linux.go", missingFact: .minKernelVersion),
      Finding(
        rule: "MODE-02", severity: .critical, certainty: .will, title: "Old iptables rules are not cleaned",
        detail: "Stale REJECT rules stay on each of the 12 nodes, and keep rejecting what they rejected before.",
        remedy: "Reboot each node after the change, or run kube-proxy --cleanup on it.",
        verify: "iptables-save -t filter | grep 'KUBE-SERVICES.*REJECT' | grep --invert-match established",
        source: "KEP-2448", folds: ["MODE-05", "NET-05"]),
      Finding(
        rule: "RST-01", severity: .medium, certainty: .may, title: "Takes effect when kube-proxy restarts",
        detail: "", remedy: "Restart it.", verify: "", source: "", standing: true),
    ],
    prerequisites: [
      Prerequisite(id: .feature, met: true, detail: "Registered and propagated.", command: "fairlead feature register"),
      Prerequisite(
        id: .extension, met: false, detail: "aks-preview is not on record.",
        command: "fairlead extension add --name aks-preview"),
    ],
    estimates: Estimates(
      leastConnection: LeastConnectionEstimate(
        nodes: 12, podsPerService: 50, connectionsPerService: 20, busiestPodConnections: 12, idlePods: 40,
        belowTwiceTheNodes: true)),
    affected: Affected(clusters: 1, nodes: 12, services: 300),
    rollback: RollbackAdvice(
      command: "fairlead rollback -g prod -n web --to-revision 3", clean: false, caveats: ["MODE-03"]),
    sequence: [
      Step(
        .before, "Meet the prerequisite extension.",
        commands: ["az extension add --name aks-preview", "fairlead extension add --name aks-preview"]),
      Step(
        .during, "Carry the change to the cluster.",
        commands: ["cat > kube-proxy.json <<'EOF'\n{\"mode\":\"IPVS\"}\nEOF", "az aks update -g prod -n web"]),
      Step(.during, "Take the first node that restarts kube-proxy for the canary, and go back if it fails."),
      Step(
        .after, "Look for what the findings warn of: MODE-02.",
        commands: ["iptables-save -t filter | grep 'KUBE-SERVICES.*REJECT' | grep --invert-match established"],
        rules: ["MODE-02"]),
      Step(
        .back, "If it has to be taken back, record that.",
        commands: ["fairlead rollback -g prod -n web --to-revision 3"], rules: ["MODE-03"]),
    ])

  /// The dangerous change once it is recorded.
  static var recorded: Report {
    var report = dangerous
    report.seq = 17
    return report
  }

  /// A change that a commit recorded without harm.
  static let harmless = Report(
    seq: 5, subject: "prod/web", verdict: .info, summary: "update prod/web: nodeCount 12 -> 24",
    diff: [DiffEntry(path: "facts.nodeCount", before: 12, after: 24)],
    findings: [
      Finding(
        rule: "RST-03", severity: .info, certainty: .will, title: "Mixed modes across nodes are safe",
        detail: "Nodes may change one by one.", remedy: "Change one node first.", verify: "kubectl get nodes",
        source: "KEP-3866")
    ],
    affected: Affected(clusters: 1),
    rollback: RollbackAdvice(command: "fairlead rollback -g prod -n web", clean: true, caveats: []))

  /// A change that a rule and a gate refuse.
  static let blocked = Report(
    subject: "prod/web", verdict: .blocked, summary: "update prod/web: mode IPTABLES -> NFTABLES",
    diff: [DiffEntry(path: "mode", before: "IPTABLES", after: "NFTABLES")],
    findings: [
      Finding(
        rule: "ENV-01", severity: .blocked, certainty: .will, title: "The mode is ignored on this version",
        detail: "Kubernetes 1.32 runs iptables whatever the document says.", remedy: "Upgrade to 1.33 first.",
        verify: "kubectl version", source: "AKS-TSG")
    ],
    prerequisites: [
      Prerequisite(
        id: .feature, met: false, detail: "NotRegistered.",
        command: "fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview"
      )
    ],
    affected: Affected(clusters: 1),
    sequence: [
      Step(
        .before, "Meet the prerequisite feature: NotRegistered.",
        commands: [
          "fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview"
        ]),
      Step(.during, "Carry the change to the cluster.", commands: ["az aks update -g prod -n web"]),
    ])

  static func cluster(revision: Int = 4, deleted: Bool = false) -> Cluster {
    Cluster(
      key: ClusterKey(resourceGroup: "prod", name: "web"), revision: revision,
      config: KubeProxyConfig(mode: .ipvs, ipvs: IPVSConfig(timeouts: [.tcp: 600])),
      facts: ClusterFacts([.nodeCount: .count(12)]), labels: Labels(["tier": "gold"]),
      createdAt: Timestamp(milliseconds: 1_800_000_000_000), updatedAt: Timestamp(milliseconds: 1_800_000_060_123),
      updatedSeq: 17, deleted: deleted)
  }

  /// What the daemon answers to a change of `cluster()`.
  static func answer(_ report: Report, seq: Int? = nil, deleted: Bool = false) -> JSON {
    var report = report
    report.seq = seq
    if seq != nil { report.planDigest = nil }
    return ChangeOutcome(
      seq: seq, report: report, revision: 4, kind: .cluster, resource: cluster(deleted: deleted).text
    ).json
  }

  static func feature(propagated: Bool) -> Feature {
    Feature(
      key: FeatureKey(provider: ProviderKey(namespace: "Microsoft.ContainerService"), name: "Preview"),
      state: .registered, propagated: propagated, since: Timestamp(milliseconds: 1_800_000_000_000), updatedSeq: 2)
  }
}
