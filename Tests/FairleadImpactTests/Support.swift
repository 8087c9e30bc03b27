// What the tests of the rules share: short ways to write documents, facts and changes.

import FairleadModel

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
) -> Judgement {
  Judgement(
    cluster: ClusterKey(resourceGroup: "rg", name: "prod"), facts: ClusterFacts(facts), before: before, after: after,
    lastMode: lastMode, kernelTimeouts: kernel)
}

/// The finding of `rule` in the whole report, where it stands by itself.
func finding(_ rule: any Rule.Type, in change: Judgement) -> Finding? {
  Engine.findings(for: change).first { $0.rule == rule.id }
}
