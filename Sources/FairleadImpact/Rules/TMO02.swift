// TMO-02: IPVS forgets an idle TCP connection much sooner than the other modes do.

package import FairleadModel

/// In IPTABLES and NFTABLES mode connection tracking keeps an idle TCP connection for a day. IPVS has a timer of its
/// own, 15 minutes unless the document or someone on the node set another. It tells neither end when it runs out.
///
/// A timeout of a day or more is no drop, if the kernel takes it (VAL-03). Keepalives that come sooner than the timeout
/// keep every connection alive: the drop then changes behaviour and breaks nothing.
package enum TMO02: Rule {
  package static let id = "TMO-02"
  package static let kind = RuleKind.transition
  package static let title = "Idle TCP connections are forgotten much sooner"
  package static let source =
    "kubernetes pkg/proxy/apis/config/v1alpha1/defaults.go; Linux net/netfilter/ipvs/ip_vs_proto_tcp.c"

  /// How long connection tracking keeps an idle TCP connection.
  private static let conntrackSeconds = 86_400

  package static func evaluate(_ change: Judgement) -> Finding? {
    guard change.moves(from: [.iptables, .nftables], to: [.ipvs]), let from = change.modeOnNodes else { return nil }
    let kernel = IPVSTimeout.tcp.kernelDefaultSeconds
    let configured = change.after.timeouts[.tcp]
    let timeout: (shortest: Int, longest: Int, words: String)
    switch (configured, VAL03.answer(to: change.after.timeouts)) {
    case (.none, _):
      timeout = (kernel, kernel, "\(kernel) s, the kernel's default, since the document sets none")
    case (.some(let seconds), .takes):
      timeout = (seconds, seconds, "\(seconds) s, as the document sets it")
    case (.some(let seconds), .mayRefuse):
      timeout = (
        min(seconds, kernel), max(seconds, kernel),
        "\(seconds) s, or after the kernel's default of \(kernel) s if it refuses the document's timeouts (VAL-03)"
      )
    case (.some, .refuses):
      timeout = (
        kernel, kernel, "\(kernel) s, the kernel's default, since it refuses the document's timeouts (VAL-03)"
      )
    }
    guard timeout.shortest < conntrackSeconds else { return nil }
    let keepalive = change.facts.count(.keepaliveSeconds)
    let isKeptAlive = keepalive.map { $0 > 0 && $0 < timeout.shortest } ?? false
    let effect =
      switch keepalive {
      case .some(0):
        "The applications send no keepalives, and neither end is told: the next packet is reset or lost."
      case .some(let seconds) where isKeptAlive:
        "The applications' keepalives, at most \(seconds) s apart, come before that and keep them."
      case .some(let seconds):
        "The applications' keepalives are up to \(seconds) s apart and can come too late: the next packet is then "
          + "reset or lost."
      case .none:
        "Neither end is told: the next packet is reset or lost. Keepalives that come sooner prevent it; their interval "
          + "is not recorded."
      }
    return finding(
      isKeptAlive ? .medium : .high, timeout.longest < conntrackSeconds ? change.certaintyOfRules : .may,
      detail: "In \(from.rawValue) mode an idle TCP connection is kept for \(conntrackSeconds) s. In IPVS mode it is "
        + "forgotten after \(timeout.words). \(effect)\(change.lastRunNote)",
      remedy: "Set tcpTimeoutSeconds above the longest time that a connection may be idle, or have the applications "
        + "send keepalives more often than every \(timeout.shortest) s.",
      verify: "ipvsadm -L --timeout")
  }
}
