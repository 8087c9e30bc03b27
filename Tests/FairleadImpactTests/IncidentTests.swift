// Published incidents, each replayed as a change that the catalogue must warn of.

import FairleadModel
import Testing

@testable import FairleadImpact

/// A published incident as a change of a cluster.
struct Incident: CustomTestStringConvertible, Sendable {
  let reports: String
  let symptom: String
  let before: KubeProxyConfig
  let after: KubeProxyConfig
  let facts: Facts
  /// The rules that warn, each with a finding or folded into another one.
  let rules: [String]

  var testDescription: String { "\(reports): \(symptom)" }

  init(
    _ reports: String, _ symptom: String, _ before: KubeProxyConfig, _ after: KubeProxyConfig, _ facts: Facts = [:],
    warns rules: String...
  ) {
    self.reports = reports
    self.symptom = symptom
    self.before = before
    self.after = after
    self.facts = facts
    self.rules = rules
  }
}

@Suite("Incidents")
struct IncidentTests {
  static let incidents = [
    Incident(
      "kubernetes#75360", "a restart in another mode brings seconds of timeouts", .iptables, .nftables,
      [.kubernetesVersion: .version(1, 34), .serviceCount: .count(200)], warns: "MODE-01"),
    Incident(
      "kubernetes#76376", "about 3 s of Service failures on each node of a rolling update", .nftables, .iptables,
      [.nodeCount: .count(12)], warns: "MODE-01"),
    Incident(
      "kubernetes#102314", "stale REJECT rules break pods", .iptables, .ipvs(), [.serviceCount: .count(300)],
      warns: "MODE-02"),
    Incident(
      "kubernetes#109286, gardener#4599", "the cleanup fails and the switch does not work", .ipvs(), .iptables,
      warns: "MODE-03"),
    Incident(
      "calico#12476", "nodes had to be rolled after the way back from IPVS", .leastConnection, .empty,
      [.networkPolicy: .word("calico")], warns: "MODE-03"),
    Incident(
      "kubernetes#81775", "'no route to host' in rolling updates", .ipvs(), .ipvs(nil, [.tcpFin: 300]),
      warns: "TMO-05"),
    Incident(
      "kubernetes#92019, #108319", "the weight stays 0 after a restart and the Service is dead", .ipvs(),
      .leastConnection, [.kubernetesVersion: .version(1, 22)], warns: "RST-02"),
    Incident(
      "kubernetes#71514, #76664, #77802", "DNS and syslog go nowhere for five minutes after a pod is deleted",
      .ipvs(nil, [.udp: 60]), .ipvs(nil, [.udp: 300]), [.usesUdpServices: .bool(true)], warns: "TMO-07"),
    Incident(
      "kubernetes#77903, #89392", "flows to a dead node hang for about 15 minutes", .ipvs(nil, [.tcp: 60]),
      .ipvs(nil, [.tcp: 900]), [.keepaliveSeconds: .count(7200)], warns: "TMO-01"),
    Incident(
      "kubernetes#80298, #71358; kube-router#521; kubelb#539", "the first request after 15 idle minutes fails",
      .iptables, .ipvs(), [.keepaliveSeconds: .count(7200)], warns: "TMO-02"),
    Incident(
      "kubernetes#80298", "a shorter timeout cuts idle connections", .ipvs(nil, [.tcp: 7200]), .ipvs(nil, [.tcp: 600]),
      [.keepaliveSeconds: .count(7200)], warns: "TMO-01"),
    Incident(
      "kubernetes#122740, #126468, #48370", "UDP flows move or vanish with a restart", .ipvs(), .leastConnection,
      [.usesUdpServices: .bool(true)], warns: "MODE-09"),
    Incident(
      "kubernetes#135639", "13 minutes of first sync with 5,006 Services and 250,011 endpoints", .iptables, .nftables,
      [.kubernetesVersion: .version(1, 34), .serviceCount: .count(5006), .podsPerService: .count(50)],
      warns: "MODE-07"),
    Incident(
      "kubernetes#139513, #139328", "16 minutes of first sync with 44,125 Services", .ipvs(), .nftables,
      [.kubernetesVersion: .version(1, 36), .serviceCount: .count(44_125)], warns: "MODE-07"),
    Incident(
      "kubernetes#136786, #140898; k0s#7293", "nft crashes and a node has no rules at all", .iptables, .nftables,
      [.kubernetesVersion: .version(1, 35)], warns: "ENV-04"),
    Incident(
      "siderolabs/pkgs#951", "a kernel that cannot run the nftables mode", .iptables, .nftables,
      [.kubernetesVersion: .version(1, 34), .minKernelVersion: .version(5, 10)], warns: "ENV-02"),
    Incident(
      "kubernetes#79213, #126378", "LeastConnection sends all to one pod", .ipvs(), .leastConnection,
      [.nodeCount: .count(10), .podsPerService: .count(5), .connectionsPerService: .count(4)], warns: "SCH-02"),
    Incident(
      "kubernetes#115931, #93456, #59976", "load balancer addresses and local traffic behave differently", .iptables,
      .ipvs(), [.usesLocalTrafficPolicy: .bool(true)], warns: "NET-03", "NET-04"),
    Incident(
      "kubernetes#132877", "the configuration is edited and nothing happens", .ipvs(), .ipvs(nil, [.tcp: 600]),
      warns: "RST-01"),
    Incident(
      "kubernetes#132955", "a registry behind a NodePort on localhost breaks", .iptables, .nftables,
      [.kubernetesVersion: .version(1, 34), .usesLocalhostNodePorts: .bool(true)], warns: "NP-02"),
  ]

  @Test("The report of the change has the rules that warn of the incident", arguments: incidents)
  func warned(incident: Incident) throws {
    let findings = judged(change(incident.before, incident.after, incident.facts))
    for rule in incident.rules {
      let finding = try #require(
        findings.first { $0.rule == rule || $0.folds.contains(rule) },
        "\(incident.reports): no finding of \(rule), and none that folds it")
      #expect(finding.certainty != .unknown, "\(rule) has a missing fact")
      #expect(finding.severity >= .medium)
    }
  }
}
