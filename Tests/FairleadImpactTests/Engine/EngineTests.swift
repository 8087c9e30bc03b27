// The engine: order, folding, caveats and standing findings; and the estimates of a change.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("Engine")
struct EngineTests {
  @Test("Findings are sorted by severity, and within a severity in the catalogue's order")
  func sorting() {
    let facts: Facts = [.kubernetesVersion: .version(1, 36), .networkPolicy: .word("azure")]
    let findings = judged(change(.iptables, .leastConnection, facts))
    #expect(
      findings.map(\.rule) == [
        "POL-01", "MODE-02", "LIFE-01", "TMO-02", "NP-02", "NET-03", "NET-04", "RST-01", "MODE-08", "NET-05", "SCH-02",
        "ENV-03", "MODE-09", "RST-03",
      ])
    #expect(
      findings.map(\.severity) == [
        .blocked, .critical, .high, .high, .medium, .medium, .medium, .medium, .low, .low, .low, .info, .info, .info,
      ])
  }

  @Test("A finding that two others imply is folded into the worse one only")
  func foldedOnce() {
    let findings = judged(change(.ipvs(), .nftables, [.minKernelVersion: .version(5, 4)]))
    #expect(findings.first { $0.rule == "ENV-02" }?.folds == ["MODE-01"])
    #expect(findings.first { $0.rule == "MODE-04" }?.folds == ["MODE-09"])
    #expect(!findings.contains { $0.rule == "MODE-01" })
  }

  @Test("A finding with a missing fact folds those that the same fact would settle")
  func foldedUnknown() {
    // Both rules depend on the network policy engine, so only one finding asks for that fact.
    let engine = judged(change(.nftables, .ipvs(), [.networkPlugin: .word("azure")]))
    #expect(engine.filter { $0.missingFact == .networkPolicy }.map(\.rule) == ["POL-01"])
    #expect(engine.first { $0.rule == "POL-01" }?.folds == ["POL-02", "POL-03"])
    // MODE-09 has another missing fact than ENV-01, which folds only findings with the same one.
    let version = judged(change(.iptables, .nftables))
    #expect(version.first { $0.rule == "ENV-01" }?.folds == ["ENV-04"])
    #expect(version.contains { $0.rule == "MODE-09" && $0.missingFact == .usesUdpServices })
  }

  @Test("A creation is judged by state rules only")
  func creation() {
    #expect(judged(change(nil, .nftables)).map(\.rule) == ["ENV-01", "ENV-02", "POL-04"])
    #expect(judged(change(nil, .ipvs())).map(\.rule) == ["LIFE-01", "POL-01", "ENV-03", "POL-04"])
  }

  @Test("A rollback is clean if the reversed change has no caveats")
  func rollback() throws {
    func back(_ before: KubeProxyConfig, _ after: KubeProxyConfig, lastMode: ProxyMode? = nil) throws -> [String] {
      caveats(of: try #require(change(before, after, lastMode: lastMode).reversed))
    }
    #expect(try back(.iptables, .ipvs()) == ["MODE-03"])
    #expect(try back(.ipvs(), .iptables) == ["MODE-02"])
    #expect(try back(.iptables, .nftables) == [])
    #expect(try back(.nftables, .ipvs()) == [])
    #expect(try back(.ipvs(), .ipvs(nil, [.tcp: 60])) == ["TMO-04"])
    #expect(try back(.ipvs(nil, [.tcp: 60]), .ipvs()) == [])
    // Enabled again, in the mode whose rules are still on the nodes.
    #expect(try back(.ipvs(), .disabled) == [])
    // Disabled again: the rules of the mode that ran stay.
    #expect(try back(.disabled, .iptables, lastMode: .ipvs) == ["ENB-01"])
    #expect(change(nil, .ipvs()).reversed == nil)
  }

  @Test("A change without effect has no caveat")
  func noEffect() {
    #expect(caveats(of: change(.empty, .iptables)) == [])
  }

  @Test("Standing findings come from state rules, and are marked as standing")
  func standing() {
    let key = ClusterKey(resourceGroup: "rg", name: "prod")
    let facts = ClusterFacts([.kubernetesVersion: .version(1, 36), .networkPolicy: .word("azure")])
    let findings = standingFindings(cluster: key, facts: facts, config: .leastConnection)
    #expect(findings.map(\.rule) == ["POL-01", "LIFE-01", "ENV-03"])
    #expect(findings.allSatisfy { $0.standing })
    #expect(standingFindings(cluster: key, facts: facts, config: .empty).map(\.rule) == ["LIFE-02"])
    #expect(standingFindings(cluster: key, facts: facts, config: .iptables) == [])
  }

  @Test("LeastConnection is estimated if it would run and the facts are recorded")
  func leastConnection() {
    let facts = LeastConnectionUnevenTests.facts(nodes: 50, pods: 10, connections: 100)
    let estimate = Estimates(for: change(.leastConnection, .ipvs(.leastConnection, [.tcp: 60]), facts))
    #expect(estimate.leastConnection?.busiestPodConnections == 50)
    #expect(Estimates(for: change(nil, .leastConnection, facts)).leastConnection != nil)
    #expect(Estimates(for: change(.leastConnection, .ipvs(), facts)) == Estimates())
    #expect(Estimates(for: change(.iptables, .leastConnection)) == Estimates())
  }

  @Test("A change of mode has estimates of rules, latency and disruption; a creation has none of disruption")
  func estimates() {
    let facts = DisruptionWindowTests.facts(services: 1000, pods: 5, nodes: 24)
    let move = Estimates(for: change(.iptables, .nftables, facts))
    #expect(move.rules != nil && move.latency != nil && move.disruption != nil && move.leastConnection == nil)
    let creation = Estimates(for: change(nil, .nftables, facts))
    #expect(creation.rules?.before == nil && creation.latency?.before == nil && creation.disruption == nil)
    #expect(creation.rules?.after != nil && creation.latency?.after != nil)
  }

  @Test("NFTABLES that the facts rule out is not estimated")
  func ruledOut() {
    let facts = DisruptionWindowTests.facts(services: 1000, pods: 5, nodes: 24)
    for fact in [(FactKey.kubernetesVersion, FactValue.version(1, 32)), (.minKernelVersion, .version(5, 4))] {
      let move = change(.iptables, .nftables, facts.merging([fact.0: fact.1]) { $1 })
      #expect(Estimates(for: move) == Estimates())
    }
  }

  @Test("Every estimate has a source and limits in printable text, and is the same after encoding and decoding")
  func bases() throws {
    var bases: Set<Basis> = []
    for move in InvariantTests.moves {
      for extra: Facts in [[:], [.windowsNodes: .bool(true)]] {
        let facts = DisruptionWindowTests.facts(services: 1000, pods: 5, nodes: 24)
          .merging([.connectionsPerService: .count(40)]) { $1 }.merging(extra) { $1 }
        let estimates = Estimates(for: change(move.before, move.after, facts, lastMode: move.lastMode))
        bases.formUnion(
          [
            estimates.rules?.basis, estimates.latency?.basis, estimates.leastConnection?.basis,
            estimates.disruption?.basis,
          ].compactMap(\.self))
        #expect(try Estimates(JSONObjectDecoder(estimates.json, allowedKeys: nil)) == estimates)
      }
    }
    #expect(bases.count > 8)
    for text in bases.flatMap({ [$0.source, $0.limits] }) {
      #expect(!text.isEmpty && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) })
      #expect(!text.contains("  ") && !text.contains("..") && !text.contains("Optional("))
    }
    #expect(bases.allSatisfy { $0.limits.hasSuffix(".") })
  }
}
