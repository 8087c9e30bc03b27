// Whole reports as Markdown, compared with the expected text.

internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("The report as Markdown")
struct ReportMarkdownTests {
  @Test("a dangerous plan")
  func dangerous() {
    #expect(
      ReportMarkdown.render(Sample.dangerous) == """
        # CRITICAL: update prod/web: mode IPTABLES -> IPVS

        Let through by override: LIFE-01.

        ## Difference

        | value | before | after |
        |---|---|---|
        | mode | IPTABLES (default) | IPVS |
        | ipvsConfig.scheduler | unset | RoundRobin (default) |

        ## Findings

        ### CRITICAL MODE-02: Old iptables rules are not cleaned

        Stale REJECT rules stay on each of the 12 nodes, and keep rejecting what they rejected before.

        - Fix: Reboot each node after the change, or run kube-proxy --cleanup on it.
        - Check: `iptables-save -t filter | grep 'KUBE-SERVICES.*REJECT' | grep --invert-match established`
        - Source: KEP-2448
        - Covers: MODE-05, NET-05

        ### MEDIUM ENV-03: The kernel may lack IPVS (unknown without --min-kernel-version)

        The lowest kernel version is not recorded.

        - Fix: Record it.
        - Check: `uname -r`
        - Source: server_linux.go

        ### MEDIUM RST-01: Takes effect when kube-proxy restarts (may, standing)

        - Fix: Restart it.

        ## Prerequisites

        - [x] feature: Registered and propagated.
        - [ ] extension: aks-preview is not on record.

        ## Estimates

        - LeastConnection, 20 connections, 12 nodes, 50 pods: the busiest pod gets 12, and 40 pods get none.
        - Fewer connections than twice the nodes: the AKS article warns of this as well.

        ## Affected

        1 cluster, 12 nodes, 300 Services

        ## Notes

        - Read the key 'TCPTimeoutSeconds' as 'tcpTimeoutSeconds', its spelling since the first preview's articles.

        ## Before

        1. Meet the prerequisite extension.

        ```sh
        az extension add --name aks-preview
        fairlead extension add --name aks-preview
        ```

        ## Carrying it out

        2. Carry the change to the cluster.

        ```sh
        cat > kube-proxy.json <<'EOF'
        {"mode":"IPVS"}
        EOF
        az aks update -g prod -n web
        ```

        3. Take the first node that restarts kube-proxy for the canary, and go back if it fails.

        ## Afterwards

        4. Look for what the findings warn of: MODE-02.

        ```sh
        iptables-save -t filter | grep 'KUBE-SERVICES.*REJECT' | grep --invert-match established
        ```

        ## Taking it back

        5. If it has to be taken back, record that.

        ```sh
        fairlead rollback -g prod -n web --to-revision 3
        ```

        """)
  }

  @Test("a harmless change")
  func harmless() {
    #expect(
      ReportMarkdown.render(Sample.harmless) == """
        # INFO: update prod/web: nodeCount 12 -> 24

        ## Difference

        | value | before | after |
        |---|---|---|
        | facts.nodeCount | 12 | 24 |

        ## Findings

        ### INFO RST-03: Mixed modes across nodes are safe

        Nodes may change one by one.

        - Fix: Change one node first.
        - Check: `kubectl get nodes`
        - Source: KEP-3866

        ## Affected

        1 cluster

        ## Going back

        Clean.

        ```sh
        fairlead rollback -g prod -n web
        ```

        """)
  }

  @Test("a blocked change")
  func blocked() {
    #expect(
      ReportMarkdown.render(Sample.blocked) == """
        # BLOCKED: update prod/web: mode IPTABLES -> NFTABLES

        Refused by ENV-01, and until this is met: feature.

        ## Difference

        | value | before | after |
        |---|---|---|
        | mode | IPTABLES | NFTABLES |

        ## Findings

        ### BLOCKED ENV-01: The mode is ignored on this version

        Kubernetes 1.32 runs iptables whatever the document says.

        - Fix: Upgrade to 1.33 first.
        - Check: `kubectl version`
        - Source: AKS-TSG

        ## Prerequisites

        - [ ] feature: NotRegistered.

        ## Affected

        1 cluster

        ## Before

        1. Meet the prerequisite feature: NotRegistered.

        ```sh
        fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview
        ```

        """)
  }

  @Test("markup in a report's texts is escaped")
  func markup() {
    #expect(ReportMarkdown.prose("a|b *c* <img> `d` [e](f)\n# g") == "a\\|b \\*c\\* &lt;img> \\`d\\` \\[e\\](f) # g")
  }
}
