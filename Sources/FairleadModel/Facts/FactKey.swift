// The facts about a cluster that impact depends on: one table that validation, flags and schemas read.

/// A fact's name on the wire. All facts are optional.
package enum FactKey: String, Sendable, Hashable, CaseIterable {
  case kubernetesVersion
  case networkPlugin
  case networkPolicy
  case networkDataplane
  case nodeCount
  case minKernelVersion
  case serviceCount
  case podsPerService
  case connectionsPerService
  case usesNodePorts
  case usesLocalhostNodePorts
  case usesSessionAffinity
  case usesLocalTrafficPolicy
  case usesUdpServices
  case keepaliveSeconds
  case hostFirewall
  case windowsNodes

  package enum Kind: Sendable, Hashable {
    /// Dotted numbers.
    case version
    /// A non-negative integer within int32.
    case count
    case bool
    case word([String])
  }

  package var kind: Kind {
    switch self {
    case .kubernetesVersion, .minKernelVersion: .version
    case .networkPlugin: .word(["azure", "kubenet", "none"])
    case .networkPolicy: .word(["azure", "calico", "cilium", "none"])
    case .networkDataplane: .word(["azure", "cilium"])
    case .nodeCount, .serviceCount, .podsPerService, .connectionsPerService, .keepaliveSeconds: .count
    case .usesNodePorts, .usesLocalhostNodePorts, .usesSessionAffinity, .usesLocalTrafficPolicy, .usesUdpServices,
      .hostFirewall, .windowsNodes:
      .bool
    }
  }

  /// What the fact says, for help and schemas.
  package var summary: String {
    switch self {
    case .kubernetesVersion: "Kubernetes version of the cluster"
    case .networkPlugin: "network plugin (none: bring your own CNI)"
    case .networkPolicy: "network policy engine"
    case .networkDataplane: "network dataplane"
    case .nodeCount: "number of nodes"
    case .minKernelVersion: "lowest kernel version among the nodes"
    case .serviceCount: "number of Services"
    case .podsPerService: "pods behind the Service that matters most"
    case .connectionsPerService: "concurrent connections to that Service"
    case .usesNodePorts: "whether anything depends on NodePorts"
    case .usesLocalhostNodePorts: "whether anything reaches NodePorts on 127.0.0.1"
    case .usesSessionAffinity: "whether any Service has ClientIP affinity"
    case .usesLocalTrafficPolicy: "whether any Service has externalTrafficPolicy Local"
    case .usesUdpServices: "whether any Service speaks UDP"
    case .keepaliveSeconds: "longest TCP keepalive interval of the applications, in seconds"
    case .hostFirewall: "whether the nodes run a host firewall"
    case .windowsNodes: "whether the cluster has Windows nodes"
    }
  }
}

extension FactKey {
  /// Its number among the cases.
  var place: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

  /// By default an enumeration of strings hashes the string, which takes ten times as long.
  package func hash(into hasher: inout Hasher) { hasher.combine(place) }
}
