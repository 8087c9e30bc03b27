// NOOP-01: a document that differs in text and in nothing else.

package import FairleadModel

/// A document can differ in text and mean the same: a default written out, a setting that is inert while kube-proxy is
/// disabled. With the defaults filled in nothing changes on a node, so nothing restarts, no gate is asked, and no other
/// finding stands beside this one. A timeout that is not set means what the kernel has, and equals no number, so
/// setting the kernel's own default is a change with effect.
///
/// - When: the document differs, and no effective value does.
/// - Severity: none.
/// - Remedy: nothing to do.
package enum NothingChanges: CatalogueEntry {
  package static let id = "NOOP-01"
  package static let title = "Nothing changes on the nodes"
  package static let source = "AKS article 'Configure kube-proxy', configuration options"

  /// The only finding of a change that changes text and has no effect. The engine asks no rule about such a change.
  package static func finding(for change: ConfigChange) -> Finding {
    let old = settings(change.beforeDocument ?? .empty)
    let new = settings(change.afterDocument)
    let moved = zip(old, new).filter { $0.value != $1.value }
      .map { "\($0.path) from \($0.value ?? "unset") to \($1.value ?? "unset")" }
    let text = moved.isEmpty ? "The documents are the same." : "The text differs: \(moved.joined(separator: ", "))."
    let running = change.after.mode.map { "kube-proxy runs in \($0.rawValue)" } ?? "kube-proxy is disabled"
    return Finding(
      rule: id, severity: .none, certainty: .will, title: title,
      detail: "\(text) With the defaults filled in, both mean the same: \(running) before and after.",
      remedy: "Nothing to do.", verify: "fairlead diff \(change.cluster.flags)",
      source: source)
  }

  /// Every setting of a document as it is written, in document order.
  private static func settings(_ config: KubeProxyConfig) -> [(path: String, value: String?)] {
    [
      ("enabled", config.enabled.map { String($0) }),
      ("mode", config.mode?.rawValue),
      ("ipvsConfig", config.ipvs.map { _ in "an object" }),
      ("ipvsConfig.scheduler", config.ipvs?.scheduler?.rawValue),
    ] + IPVSTimeout.allCases.map { ("ipvsConfig.\($0.rawValue)", config.ipvs?.timeouts[$0].map { String($0) }) }
  }
}
