// The kube-proxy configuration document: sparse, as an operator wrote it.

package import ExactJSON

/// A proxy mode in AKS's spelling. Source: ARM `ContainerServiceNetworkProfileKubeProxyConfig.mode`.
package enum ProxyMode: String, Sendable, Hashable, CaseIterable {
  case iptables = "IPTABLES"
  case ipvs = "IPVS"
  case nftables = "NFTABLES"
}

/// An IPVS scheduler in AKS's spelling; kube-proxy gets `lc` and `rr`.
package enum IPVSScheduler: String, Sendable, Hashable, CaseIterable {
  case leastConnection = "LeastConnection"
  case roundRobin = "RoundRobin"
}

/// One of the three idle timeouts that IPVS keeps per node.
package enum IPVSTimeout: String, Sendable, Hashable, CaseIterable {
  case tcp = "tcpTimeoutSeconds"
  case tcpFin = "tcpFinTimeoutSeconds"
  case udp = "udpTimeoutSeconds"

  /// The kernel's default in seconds. Source: `net/netfilter/ipvs/ip_vs_proto_tcp.c` and `ip_vs_proto_udp.c`.
  package var kernelDefaultSeconds: Int {
    switch self {
    case .tcp: 900
    case .tcpFin: 120
    case .udp: 300
    }
  }
}

extension IPVSTimeout {
  /// By its number among the cases: the default would hash the raw string, and every look at a document's timeouts hashes.
  package func hash(into hasher: inout Hasher) { hasher.combine(unsafeBitCast(self, to: UInt8.self)) }
}

/// The `ipvsConfig` member: every setting may be left unset, which is not a value.
package struct IPVSConfig: JSONEncodable, Sendable, Hashable {
  package var scheduler: IPVSScheduler?
  /// Seconds, positive, within int32.
  package var timeouts: [IPVSTimeout: Int]

  package init(scheduler: IPVSScheduler? = nil, timeouts: [IPVSTimeout: Int] = [:]) {
    self.scheduler = scheduler
    self.timeouts = timeouts
  }

  package func write(to text: inout JSONWriter) {
    text.set("scheduler", ifPresent: scheduler?.rawValue)
    for timeout in IPVSTimeout.allCases { text.set(timeout.rawValue, ifPresent: timeouts[timeout]) }
  }
}

/// The whole document. Unset members stay unset; `EffectiveConfig` fills in their defaults.
package struct KubeProxyConfig: JSONEncodable, Sendable, Hashable {
  package var enabled: Bool?
  package var mode: ProxyMode?
  package var ipvs: IPVSConfig?

  package init(enabled: Bool? = nil, mode: ProxyMode? = nil, ipvs: IPVSConfig? = nil) {
    self.enabled = enabled
    self.mode = mode
    self.ipvs = ipvs
  }

  /// The document `{}`, which asks for the defaults.
  package static let empty = KubeProxyConfig()
  package var isEmpty: Bool { self == .empty }

  /// The document without its unset members, in the order `enabled`, `mode`, `ipvsConfig`.
  package func write(to text: inout JSONWriter) {
    if let enabled { text.set("enabled", enabled) }
    text.set("mode", ifPresent: mode?.rawValue)
    text.set("ipvsConfig", ifPresent: ipvs)
  }
}
