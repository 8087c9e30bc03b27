// A set of proxy modes, with which rules name the moves that they judge.

package import FairleadModel

/// Some of the modes. An option set, since fifteen rules compare with one at each change: as a `Set` that was a tenth of
/// the cost of the findings.
package struct ProxyModes: OptionSet, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package init(_ mode: ProxyMode) {
    switch mode {
    case .iptables: self = .iptables
    case .ipvs: self = .ipvs
    case .nftables: self = .nftables
    }
  }

  package static let iptables = ProxyModes(rawValue: 1)
  package static let ipvs = ProxyModes(rawValue: 2)
  package static let nftables = ProxyModes(rawValue: 4)
}
