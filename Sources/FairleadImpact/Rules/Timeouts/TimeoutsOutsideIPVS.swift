// TMO-08: timeouts outside IPVS, which cannot occur.

/// Only IPVS has these timeouts, and only its part of kube-proxy writes them. In another mode they would be stored and
/// do nothing. The catalogue has the rule, and it can never fire: a document with ipvsConfig in any other mode is
/// refused before there is a change to judge (VAL-01), with kube-proxy enabled or not. Timeouts beside mode IPVS and
/// enabled false do stand in a document without effect; ENB-03 says so.
///
/// - When: never.
/// - Severity: none.
/// - Remedy: nothing to do.
package enum TimeoutsOutsideIPVS: CatalogueEntry {
  package static let id = "TMO-08"
  package static let title = "Timeouts without IPVS have no effect"
  package static let source = "kubernetes pkg/proxy/ipvs/proxier.go"
}
