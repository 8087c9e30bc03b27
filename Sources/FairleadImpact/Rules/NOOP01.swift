// NOOP-01: what a report says of a document that differs in text and in nothing else.

package import FairleadModel

/// Two documents may differ in text and mean the same once the defaults are filled in, as an empty one and one that
/// names IPTABLES do. The change is recorded as a revision, needs no gate, and no other rule speaks.
///
/// - When: a document differs from the one before it, and nothing that it sets is in force differently.
/// - Severity: none.
/// - Remedy: nothing to do.
package enum NOOP01: CatalogueEntry {
  package static let id = "NOOP-01"
  package static let title = "Nothing changes on the nodes"
  package static let source = "AKS article 'Configure kube-proxy', configuration options"

  /// The one finding of a change that has text but no effect.
  package static func finding(for change: Judgement) -> Finding {
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
