// ENB-03: settings beside a disabled kube-proxy are kept, and do nothing.

package import FairleadModel

/// A document may disable kube-proxy and still name a mode or settings for IPVS; AKS takes it, and its own tests send
/// such documents. Nothing reads the settings while kube-proxy is disabled. They come into force when it is enabled
/// again by a document that keeps them.
///
/// - When: a change disables kube-proxy, and the document sets a mode or ipvsConfig beside it.
/// - Severity: info.
/// - Remedy: nothing to do; leave the settings out where they are not meant for later.
package enum SettingsWithoutEffect: Rule {
  package static let id = "ENB-03"
  package static let kind = RuleKind.transition
  package static let title = "Settings are stored, and without effect"
  package static let source = "Azure/azure-container-networking, end-to-end tests; Azure/AKS#4563"

  package static func evaluate(_ change: ConfigChange) -> Finding? {
    guard let before = change.before, before.enabled, !change.after.enabled else { return nil }
    let document = change.afterDocument
    let settings =
      [document.mode.map { "mode \($0.rawValue)" }, document.ipvs?.scheduler.map { "scheduler \($0.rawValue)" }]
      .compactMap { $0 }
      + IPVSTimeout.allCases.compactMap { key in document.ipvs?.timeouts[key].map { "\(key.rawValue) \($0)" } }
    guard !settings.isEmpty else { return nil }
    return finding(
      .info,
      detail:
        "The document keeps \(settings.joined(separator: ", ")). Nothing reads that while kube-proxy is disabled.",
      remedy: "Nothing to do.", hint: "The command shows the document that counts once kube-proxy is enabled again.",
      verify: "fairlead show \(change.cluster.flags)")
  }
}
