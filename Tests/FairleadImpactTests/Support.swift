// Helpers for the tests of the rules: short forms of documents, facts and changes.

import FairleadModel
import Testing

@testable import FairleadImpact

typealias Facts = [FactKey: FactValue]

extension KubeProxyConfig {
  static let iptables = KubeProxyConfig(mode: .iptables)
  static let nftables = KubeProxyConfig(mode: .nftables)
  static let disabled = KubeProxyConfig(enabled: false)
  static let leastConnection = ipvs(.leastConnection)

  static func ipvs(_ scheduler: IPVSScheduler? = nil, _ timeouts: [IPVSTimeout: Int] = [:]) -> KubeProxyConfig {
    KubeProxyConfig(mode: .ipvs, ipvs: IPVSConfig(scheduler: scheduler, timeouts: timeouts))
  }
}

extension FactValue {
  static func version(_ major: Int, _ minor: Int) -> FactValue { .version(DottedVersion(major, minor)) }
}

/// The change from `before`, which is nothing where there was no cluster, to `after`.
func change(
  _ before: KubeProxyConfig?, _ after: KubeProxyConfig, _ facts: Facts = [:], lastMode: ProxyMode? = nil,
  kernel: [IPVSTimeout: Int] = [:]
) -> ConfigChange {
  ConfigChange(
    cluster: ClusterKey(resourceGroup: "rg", name: "prod"), facts: ClusterFacts(facts), before: before, after: after,
    lastMode: lastMode, kernelTimeouts: kernel)
}

/// The whole report's findings. A rule that throws fails the test.
func judged(_ change: ConfigChange) -> [Finding] { noFailure { try Engine().findings(for: change) } ?? [] }

func standingFindings(cluster: ClusterKey, facts: ClusterFacts, config: KubeProxyConfig) -> [Finding] {
  noFailure { try Engine().standingFindings(cluster: cluster, facts: facts, config: config) } ?? []
}

func caveats(of change: ConfigChange) -> [String] { noFailure { try Engine().caveats(of: change) } ?? [] }

/// The finding of `rule` alone, without the engine's folding.
func verdict(of rule: any Rule.Type, on change: ConfigChange) -> Finding? {
  noFailure { try rule.evaluate(change) } ?? nil
}

private func noFailure<Value>(_ body: () throws -> Value) -> Value? {
  do {
    return try body()
  } catch {
    Issue.record(error)
    return nil
  }
}

/// The finding of `rule` in the whole report; `nil` where it is folded.
func finding(_ rule: any Rule.Type, in change: ConfigChange) -> Finding? {
  judged(change).first { $0.rule == rule.id }
}
