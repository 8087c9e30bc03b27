// Whole reports as text, compared with the expected text.

internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("The report as text")
struct ReportTextTests {
  @Test(
    "the detail is printed whole from high on and short for medium, and the hint is left out",
    arguments: [
      (Severity.high, ["    One. Two. Three.", "    fix:    Reboot it."]), (.medium, ["    One. Two."]), (.low, []),
    ])
  func graded(severity: Severity, shown: [String]) {
    let finding = Finding(
      rule: "X-01", severity: severity, certainty: .will, title: "t", detail: "One. Two. Three.", brief: "One. Two.",
      remedy: "Reboot it.", hint: "The command shows what stays.", verify: "v", source: "s")
    let report = Report(
      subject: "rg/web", verdict: severity, summary: "update", findings: [finding], affected: Affected(clusters: 0))
    let lines = ReportText(Layout()).render(report).split(separator: "\n").map(String.init)
    #expect(Array(lines.drop { !$0.hasSuffix("X-01  t") }.dropFirst()) == shown)
    #expect(ReportMarkdown.render(report).contains("- Fix: Reboot it. The command shows what stays."))
  }

  @Test("a record without short form and hint, as earlier versions wrote it, is printed whole")
  func earlierRecord() {
    let findings = [Severity.high, .medium].map {
      Finding(
        rule: "X-01", severity: $0, certainty: .will, title: "t", detail: "One. Two. Three.",
        remedy: "Reboot it. The command shows what stays.", verify: "v", source: "s")
    }
    let report = Report(
      subject: "rg/web", verdict: .high, summary: "update", findings: findings, affected: Affected(clusters: 0))
    #expect(
      ReportText(Layout()).render(report) == """
        HIGH  update

        Findings
          HIGH    X-01  t
            One. Two. Three.
            fix:    Reboot it. The command shows what stays.
          MEDIUM  X-01  t
            One. Two. Three.

        """)
  }

  @Test("a dangerous plan begins with its verdict, lists the worst finding first, and does not wrap commands")
  func dangerous() {
    #expect(
      ReportText(Layout()).render(Sample.dangerous) == """
        CRITICAL  update prod/web: mode IPTABLES -> IPVS
        Let through by override: LIFE-01.
        Going back is not clean: MODE-03.

        Difference
          mode                  IPTABLES (default) -> IPVS
          ipvsConfig.scheduler  unset -> RoundRobin (default)

        Findings
          CRITICAL  MODE-02  Old iptables rules are not cleaned
            Stale REJECT rules stay on each of the 12 nodes, and keep rejecting what
            they rejected before.
            fix:    Reboot each node after the change, or run kube-proxy --cleanup on
                    it.
            covers: MODE-05, NET-05
          MEDIUM    RST-01  Takes effect when kube-proxy restarts (may, standing)

        Not known; this fact would settle it
          MEDIUM  ENV-03  --min-kernel-version: The kernel may lack IPVS

        Prerequisites
          [x] feature
          [ ] extension: aks-preview is not on record.

        Estimates
          LeastConnection, 20 connections, 12 nodes, 50 pods: the busiest pod gets 12,
          and 40 pods get none.
          Fewer connections than twice the nodes: the AKS article warns of this as well.

        Affected: 1 cluster, 12 nodes, 300 Services

        Notes
          - Read the key 'TCPTimeoutSeconds' as 'tcpTimeoutSeconds', its spelling since
            the first preview's articles.

        Before
          1. Meet the prerequisite extension.
               az extension add --name aks-preview
               fairlead extension add --name aks-preview

        To carry it out, once it is recorded
          2. Carry the change to the cluster.
        cat > kube-proxy.json <<'EOF'
        {"mode":"IPVS"}
        EOF
               az aks update -g prod -n web
          3. Take the first node that restarts kube-proxy for the canary, and go back if
             it fails.

        Afterwards
          4. Look for what the findings warn of: MODE-02.
               iptables-save -t filter | grep 'KUBE-SERVICES.*REJECT' | grep --invert-match established

        To go back
          5. If it has to be taken back, record that.
               fairlead rollback -g prod -n web --to-revision 3

        """)
  }

  @Test("a harmless change is short, and has the command for the rollback")
  func harmless() {
    #expect(
      ReportText(Layout()).render(Sample.harmless) == """
        INFO  update prod/web: nodeCount 12 -> 24

        Difference
          facts.nodeCount  12 -> 24

        Findings
          INFO  RST-03  Mixed modes across nodes are safe

        Affected: 1 cluster

        To go back
          fairlead rollback -g prod -n web

        """)
  }

  @Test("a blocked change lists the prerequisites, and no command that would carry it out")
  func blocked() {
    #expect(
      ReportText(Layout()).render(Sample.blocked) == """
        BLOCKED  update prod/web: mode IPTABLES -> NFTABLES
        Refused by ENV-01, and until this is met: feature.

        Difference
          mode  IPTABLES -> NFTABLES

        Findings
          BLOCKED  ENV-01  The mode is ignored on this version
            Kubernetes 1.32 runs iptables whatever the document says.
            fix:    Upgrade to 1.33 first.

        Prerequisites
          [ ] feature: NotRegistered.

        Affected: 1 cluster

        Before
          1. Meet the prerequisite feature: NotRegistered.
               fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview

        """)
  }

  @Test("on a terminal the verdict and the severities are coloured, and the text is the same")
  func colours() {
    let text = ReportText(Layout(hasColour: true)).render(Sample.blocked)
    #expect(text.hasPrefix("\u{1B}[1;31mBLOCKED\u{1B}[0m  update prod/web: mode IPTABLES -> NFTABLES\n"))
    var plainText = text
    for code in ["\u{1B}[1;31m", "\u{1B}[1m", "\u{1B}[0m"] { plainText.removeAll(of: code) }
    #expect(plainText == ReportText(Layout()).render(Sample.blocked))
  }

  @Test("no line of prose is wider than the terminal", arguments: [50, 60, 80, 120])
  func width(columns: Int) {
    let commands = Sample.dangerous.sequence.flatMap(\.commands)
    for line in ReportText(Layout(width: columns)).render(Sample.dangerous).split(separator: "\n") {
      let isCommand = commands.contains { line.hasSuffix($0) || $0.contains(line) }
      let isTable = line.contains(" -> ")
      #expect(line.count <= columns || isCommand || isTable, "\(line)")
    }
  }

  @Test("a control character in a report is printed as visible characters")
  func controlCharacters() {
    let report = Report(
      subject: "x", verdict: .none, summary: "update \u{1B}[2Jx\u{9B}31m: \u{7F}done", affected: Affected(clusters: 0),
      sequence: [Step(.during, "Look.", commands: ["printf '\u{1B}[31m'\nls"])])
    let text = ReportText(Layout()).render(report)
    #expect(text.hasPrefix("NONE  update \\x1b[2Jx\\x9b31m: \\x7fdone\n"))
    #expect(text.hasSuffix("printf '\\x1b[31m'\nls\n"))
  }
}

extension String {
  fileprivate mutating func removeAll(of part: String) { self = split(separator: part).joined() }

  @Test("the first twenty clusters that a registration affects are named, with a reference to the others")
  func manyAffected() {
    let named = (1...150).map { Affected.Cluster(subject: "rg/c\($0)", effect: $0 < 10 ? .stuck : .closes) }
    var report = Report(
      seq: 7, subject: "feature", verdict: .medium, summary: "unregister",
      affected: Affected(clusters: 150, named: named))
    let text = ReportText(Layout()).render(report)
    #expect(text.contains("\n  closes  rg/c20\n  and 130 more: fairlead report 7 -o json\n"))
    #expect(!text.contains("rg/c21"))
    #expect(ReportMarkdown.render(report).contains("\n- closes: rg/c20\n- and 130 more: fairlead report 7 -o json\n"))
    report.seq = nil
    #expect(ReportText(Layout()).render(report).contains("\n  and 130 more: -o json has them all\n"))
  }
}
