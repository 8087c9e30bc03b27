// The clusters of a subscription, named for the plan of a registration.

internal import ExactJSON
internal import FairleadModel

extension LedgerReader {
  /// The display name of every existing cluster of a subscription, and whether it differs from AKS's defaults; in the order
  /// of the keys. Reads five columns of each row, since there may be 100,000.
  ///
  /// `corrections` are clusters whose rows are not to be believed.
  package func clusterNames(
    in subscription: String, corrections: Corrections = .none
  ) throws -> [(subject: String, isConfigured: Bool)] {
    // A key begins with the subscription. "0" is the character after "/".
    let (first, last) = ("\(subscription.folded)/", "\(subscription.folded)0")
    var previous = ""
    var names: [(key: ClusterKey, isConfigured: Bool)] = try rows(
      .cluster,
      """
      SELECT \(Columns.clusterKey), effective <> ? AS effective
      FROM cluster WHERE cluster_key > ? AND cluster_key < ? AND NOT deleted AND lower(subscription) = ?
      ORDER BY cluster_key
      """, [.text(EffectiveConfig.defaults.json.text), .text(first), .text(last), .text(subscription.folded)]
    ) { row in
      let key = try row.clusterKey()
      guard key.folded > previous else { throw row.damage("it is out of order") }
      previous = key.folded
      return (key, try row.bool())
    }
    guard !corrections.isEmpty else { return names.map { ($0.key.display, $0.isConfigured) } }
    names.removeAll { corrections.contains($0.key.folded) }
    for (folded, entry) in corrections.entries(after: first, through: last) where !entry.deleted {
      let cluster = try entry.cluster(folded: folded)
      names.append((cluster.key, cluster.config.effective != .defaults))
    }
    names.sort { $0.key.folded < $1.key.folded }
    return names.map { ($0.key.display, $0.isConfigured) }
  }
}
