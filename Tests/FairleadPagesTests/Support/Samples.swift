// Sample reports that the tests of the pages share.

import ExactJSON
import FairleadModel

@testable import FairleadPages

enum Sample {
  static let generated = "2026-11-23T09:30:00Z"

  /// IPTABLES to IPVS on a production cluster whose facts are known: every kind of finding, and every picture.
  static let dangerous = Report(
    seq: 42, subject: "prod-rg/web", verdict: .critical,
    summary:
      "update prod-rg/web: mode IPTABLES -> IPVS, scheduler unset -> LeastConnection and 1 more (1 critical, 3 high, 2 medium)",
    notes: [
      "Read the key 'TCPTimeoutSeconds' as 'tcpTimeoutSeconds', its spelling since the first preview's articles."
    ],
    overridden: ["LIFE-01"],
    diff: [
      DiffEntry(path: "mode", before: "IPTABLES", after: "IPVS", beforeIsDefault: true),
      DiffEntry(path: "ipvsConfig.scheduler", before: .null, after: "LeastConnection"),
      DiffEntry(path: "ipvsConfig.tcpTimeoutSeconds", before: .null, after: 900),
      DiffEntry(path: "ipvsConfig.udpTimeoutSeconds", before: .null, after: .null, afterIsDefault: true),
    ],
    findings: [
      Finding(
        rule: "MODE-02", severity: .critical, certainty: .will,
        title: "The old iptables rules stay, and some keep rejecting",
        detail:
          "kube-proxy cleans up only when it crosses the line to or from NFTABLES. On each of the 24 nodes the rules "
          + "of IPTABLES stay beside IPVS, among them those that reject traffic to Services that had no endpoints when it "
          + "stopped.",
        remedy:
          "Drain and reboot each node after its kube-proxy pod was replaced, or run 'kube-proxy --cleanup' on it.",
        verify: "iptables-save -t filter | grep 'KUBE-SERVICES.*REJECT'",
        source: "KEP-2448; kubernetes/kubernetes#102314",
        folds: ["MODE-01"]),
      Finding(
        rule: "LIFE-01", severity: .high, certainty: .will, title: "IPVS is deprecated and will be removed",
        detail: "This cluster runs Kubernetes 1.36. From 1.40 on kube-proxy exits in IPVS mode.",
        remedy: "Move to NFTABLES instead.", verify: "kubectl version", source: "KEP-5495"),
      Finding(
        rule: "TMO-02", severity: .high, certainty: .will,
        title: "Idle connections live 15 minutes instead of 24 hours",
        detail:
          "IPVS forgets an idle connection after 900 s and tells neither end. The applications send a keepalive every "
          + "7200 s, which is too late.",
        remedy: "Set tcpTimeoutSeconds above the longest keepalive, or the keepalives below 900 s.",
        verify: "ipvsadm -L --timeout", source: "Linux net/netfilter/ipvs/ip_vs_proto_tcp.c"),
      Finding(
        rule: "SCH-02", severity: .high, certainty: .may, title: "LeastConnection piles connections on few pods",
        detail:
          "Each of the 24 nodes counts only its own connections. With 60 connections from 24 nodes to 12 pods the "
          + "busiest pod gets 24, and 8 pods may get none.",
        remedy: "Use RoundRobin, which spreads the same without pretending to count.", verify: "ipvsadm -Ln",
        source: "Linux net/netfilter/ipvs/ip_vs_lc.c"),
      Finding(
        rule: "RST-01", severity: .medium, certainty: .will, title: "Nothing happens until kube-proxy restarts",
        detail: "kube-proxy reads its configuration when it starts.", remedy: "Wait for the rollout before you judge.",
        verify: "kubectl rollout status daemonset/kube-proxy -n kube-system", source: "kubernetes/kubernetes#132877"),
      Finding(
        rule: "ENV-03", severity: .medium, certainty: .unknown, title: "The kernel may lack IPVS",
        detail: "Whether each node has the module ip_vs_lc hangs on its kernel.",
        remedy: "Record the lowest kernel version.",
        verify: "modinfo ip_vs_lc", source: "kubernetes pkg/proxy/ipvs/supported.go", missingFact: .minKernelVersion),
      Finding(
        rule: "NET-04", severity: .medium, certainty: .unknown, title: "externalTrafficPolicy Local differs under IPVS",
        detail: "IPVS sends external traffic to other nodes when none of the pods is local.",
        remedy: "Say whether any Service has it.", verify: "kubectl get services -A -o wide",
        source: "kubernetes/kubernetes#115931", missingFact: .usesLocalTrafficPolicy),
      Finding(
        rule: "LIFE-02", severity: .low, certainty: .will, title: "The mode was never set",
        detail: "It was the default.",
        remedy: "Keep it set.", verify: "fairlead show -g prod-rg -n web", source: "KEP-5343", standing: true),
    ],
    prerequisites: [
      Prerequisite(
        id: .apiVersion, met: true, detail: "2025-09-02-preview carries every setting.", command: ""),
      Prerequisite(
        id: .feature, met: true, detail: "KubeProxyConfigurationPreview is Registered and propagated.",
        command: "az feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview"),
      Prerequisite(
        id: .extension, met: false, detail: "aks-preview is not on record.",
        command: "az extension add --name aks-preview"),
    ],
    estimates: estimates, affected: Affected(clusters: 1, nodes: 24, services: 8000),
    rollback: RollbackAdvice(
      command: "fairlead rollback -g prod-rg -n web --to-revision 3", clean: false, caveats: ["MODE-03", "LIFE-01"]),
    sequence: [
      Step(
        .before, "Count what is rejected now, to compare it later.",
        commands: ["iptables-save -t filter | grep -c 'KUBE-SERVICES.*REJECT'"], rules: ["MODE-02"]),
      Step(.before, "Have clients reconnect on their own, and shorten keepalives below 900 s.", rules: ["TMO-02"]),
      Step(
        .during, "Write the document and carry it to the cluster.",
        commands: [
          "printf '%s\\n' '{\"mode\":\"IPVS\",\"ipvsConfig\":{\"scheduler\":\"LeastConnection\",\"tcpTimeoutSeconds\":900}}' > kube-proxy.json",
          "az aks update --resource-group prod-rg --name web --kube-proxy-config kube-proxy.json",
        ]),
      Step(.during, "Wait for every node.", commands: ["kubectl rollout status daemonset/kube-proxy -n kube-system"]),
      Step(
        .after, "Drain and reboot the nodes one by one.",
        commands: ["kubectl drain NODE --ignore-daemonsets --delete-emptydir-data"], rules: ["MODE-02", "ENV-03"]),
      Step(
        .back, "Record the old configuration again, then carry it out as above.",
        commands: ["fairlead rollback -g prod-rg -n web --to-revision 3"], rules: ["MODE-03"]),
    ])

  static let estimates = Estimates(
    rules: RulesEstimate(
      services: 8000, endpoints: 5,
      before: ProgrammedRules(
        mode: .iptables,
        objects: [.init(name: "nat rules", count: 136_005), .init(name: "filter rules", count: 3)]),
      after: ProgrammedRules(
        mode: .ipvs,
        objects: [.init(name: "virtual servers", count: 8000), .init(name: "real servers", count: 40_000)]),
      basis: Basis(
        source: "Kubernetes pkg/proxy/iptables/number_generated_rules_test.go",
        limits: "ClusterIP Services of one port.")),
    latency: LatencyEstimate(
      services: 8000,
      before: FirstPacket(mode: .iptables, p50Microseconds: 56, p99Microseconds: 223, errorMicroseconds: 30),
      after: FirstPacket(mode: .ipvs, p50Microseconds: 16, p99Microseconds: 40, errorMicroseconds: 12),
      basis: Basis(
        source: "KEP-3866, iptables-vs-nftables.svg", limits: "One machine's numbers; IPVS is close to NFTABLES.")),
    leastConnection: LeastConnectionEstimate(
      nodes: 24, podsPerService: 12, connectionsPerService: 60, busiestPodConnections: 24, idlePods: 8,
      belowTwiceTheNodes: false,
      sameOrder: Spread(busiestPercentOfMean: 480, idlePercent: 67, loads: [24, 22, 11, 3, 0, 0, 0, 0, 0, 0, 0, 0]),
      randomOrder: Spread(busiestPercentOfMean: 160, idlePercent: 0, loads: [8, 7, 7, 6, 5, 5, 5, 4, 4, 4, 3, 2]),
      randomChoice: Spread(busiestPercentOfMean: 200, idlePercent: 8, loads: [10, 8, 7, 6, 6, 5, 5, 4, 4, 3, 2, 0]),
      basis: Basis(
        source: "Linux net/netfilter/ipvs/ip_vs_lc.c", limits: "No connection ends, and no pod comes or goes.")),
    disruption: DisruptionEstimate(
      perNode: SecondsRange(from: 3, to: 12), rollout: SecondsRange(from: 480, to: 1440), nodes: 24,
      missing: [], basis: Basis(source: "kubernetes/kubernetes#76376", limits: "One node at a time.")))

  /// A recorded change of facts that breaks nothing.
  static let harmless = Report(
    seq: 5, subject: "prod-rg/web", verdict: .info, summary: "update prod-rg/web: nodeCount 12 -> 24 (1 info)",
    diff: [DiffEntry(path: "facts.nodeCount", before: 12, after: 24)],
    findings: [
      Finding(
        rule: "RST-03", severity: .info, certainty: .will, title: "Nodes in different modes work side by side",
        detail: "A rollout may stop half way.", remedy: "Change one node first.", verify: "kubectl get nodes",
        source: "KEP-3866")
    ],
    affected: Affected(clusters: 1, nodes: 24),
    rollback: RollbackAdvice(command: "fairlead rollback -g prod-rg -n web", clean: true, caveats: []))

  /// A plan that a rule and a gate refuse, on a cluster with few facts.
  static let blocked = Report(
    planDigest: "v1:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", subject: "prod-rg/legacy",
    verdict: .blocked, summary: "update prod-rg/legacy: mode IPTABLES -> IPVS (1 blocked, 1 medium)",
    diff: [DiffEntry(path: "mode", before: "IPTABLES", after: "IPVS", beforeIsDefault: true)],
    findings: [
      Finding(
        rule: "POL-01", severity: .blocked, certainty: .will, title: "Azure Network Policy does not work with IPVS",
        detail: "The cluster enforces its policies with Azure Network Policy Manager, which does not support IPVS.",
        remedy: "Choose NFTABLES, or move to another network policy engine first.",
        verify: "az aks show -g prod-rg -n legacy --query networkProfile.networkPolicy", source: "the AKS article"),
      Finding(
        rule: "MODE-07", severity: .medium, certainty: .unknown, title: "The first sync may take minutes",
        detail: "It grows with the number of Services.", remedy: "Record it.",
        verify: "kubectl get services -A | wc -l",
        source: "kubernetes/kubernetes#135639", missingFact: .serviceCount),
    ],
    prerequisites: [
      Prerequisite(
        id: .feature, met: false, detail: "KubeProxyConfigurationPreview is NotRegistered.",
        command: "fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview"
      )
    ],
    estimates: Estimates(
      disruption: DisruptionEstimate(
        perNode: nil, rollout: nil, nodes: nil, missing: [.serviceCount, .nodeCount],
        basis: Basis(source: "kubernetes/kubernetes#76376", limits: "One node at a time."))),
    affected: Affected(clusters: 1),
    rollback: RollbackAdvice(command: "fairlead rollback -g prod-rg -n legacy", clean: true, caveats: []),
    sequence: [
      Step(.before, "Meet the gates."),
      Step(.during, "Carry it out.", commands: ["az aks update --resource-group prod-rg --name legacy"]),
    ])

  /// A feature registration that opens and leaves clusters stuck.
  static let registration = Report(
    seq: 9, subject: "Microsoft.ContainerService/KubeProxyConfigurationPreview", verdict: .none,
    summary: "register Microsoft.ContainerService/KubeProxyConfigurationPreview",
    affected: Affected(
      clusters: 3,
      named: [
        .init(subject: "prod-rg/web", effect: .opens), .init(subject: "prod-rg/legacy", effect: .stuck),
        .init(subject: "dev-rg/lab", effect: .closes),
      ]))

  /// Markup, changes of the text direction and very long words in every member that holds a text.
  static let hostile: Report = {
    let evil =
      "<script>document.title='owned'</script><img src=x onerror=alert(1)> \" onmouseover=\"alert(2) \"\u{301} onfocus=\"x"
      + " ' &amp; {{{style}}} \u{202E}drowssap\u{202C} \u{1F600}\u{10FFFD} \u{0} \u{1B}[31m "
    let long = String(repeating: "Donaudampfschifffahrt", count: 30)
    return Report(
      planDigest: "v1:\(evil)", subject: evil + long, verdict: .high, summary: evil + long, notes: [evil, long],
      overridden: [evil], diff: [DiffEntry(path: long, before: .string(evil), after: .string(long))],
      findings: [
        Finding(
          rule: evil, severity: .high, certainty: .will, title: evil + long, detail: evil + long, remedy: long,
          verify: "echo '\(evil)'\n\(long)", source: evil, folds: [evil, long]),
        Finding(
          rule: long, severity: .medium, certainty: .unknown, title: evil, detail: long, remedy: evil, verify: evil,
          source: long),
      ],
      prerequisites: [Prerequisite(id: .extension, met: false, detail: evil, command: long)],
      estimates: Estimates(
        rules: RulesEstimate(
          services: 0, endpoints: 0, before: nil,
          after: ProgrammedRules(mode: .nftables, objects: [.init(name: evil, count: Int(Int32.max))]),
          basis: Basis(source: evil, limits: long)),
        leastConnection: LeastConnectionEstimate(
          nodes: 1, podsPerService: 0, connectionsPerService: 0, busiestPodConnections: 0, idlePods: 0,
          belowTwiceTheNodes: true, sameOrder: Spread(busiestPercentOfMean: 0, idlePercent: 0, loads: [0]),
          basis: Basis(source: evil, limits: ""))),
      affected: Affected(clusters: 1, named: [.init(subject: evil + long, effect: .stuck)]),
      rollback: RollbackAdvice(command: evil, clean: false, caveats: [evil]),
      sequence: [Step(.during, evil + long, commands: [evil, long], rules: [evil])])
  }()

  /// A million nodes, and the largest numbers of Services.
  static let absurd = Report(
    seq: 1, subject: "lab/huge", verdict: .medium, summary: "update lab/huge: mode IPTABLES -> NFTABLES",
    estimates: Estimates(
      rules: RulesEstimate(
        services: Int(Int32.max), endpoints: Int(Int32.max),
        before: ProgrammedRules(mode: .iptables, objects: [.init(name: "nat rules", count: .max)]),
        after: ProgrammedRules(mode: .nftables, objects: [.init(name: "map elements", count: .max)]),
        basis: Basis(source: "", limits: "")),
      latency: LatencyEstimate(
        services: Int(Int32.max),
        before: FirstPacket(mode: .iptables, p50Microseconds: 1, p99Microseconds: 48_103_677, errorMicroseconds: 4),
        after: FirstPacket(mode: .nftables, p50Microseconds: 14, p99Microseconds: 37, errorMicroseconds: 4),
        basis: Basis(source: "", limits: "")),
      leastConnection: LeastConnectionEstimate(
        nodes: 1_000_000, podsPerService: 100_000, connectionsPerService: 1, busiestPodConnections: 1, idlePods: 99_999,
        belowTwiceTheNodes: true,
        sameOrder: Spread(
          busiestPercentOfMean: 10_000_000, idlePercent: 99, loads: [1] + Array(repeating: 0, count: 63))),
      disruption: DisruptionEstimate(
        perNode: SecondsRange(from: 1, to: 1003), rollout: SecondsRange(from: 1_000_000, to: 1_003_000_000),
        nodes: 1_000_000, missing: [], basis: Basis(source: "", limits: ""))),
    affected: Affected(clusters: 1))
}
