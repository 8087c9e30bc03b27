// The clusters of a subscription, counted and named for the plan of a registration.

internal import ExactJSON
internal import FairleadModel

extension LedgerReader {
  /// How many clusters exist in a subscription, and how many of them differ from AKS's defaults.
  ///
  /// `corrections` are clusters whose rows are not to be believed.
  package func clusterCounts(
    in subscription: String, corrections: Corrections = .none
  ) throws -> (clusters: Int, configured: Int) {
    guard corrections.isEmpty else {
      let names = try clusterNames(in: subscription, corrections: corrections)
      return (names.count, names.count { $0.isConfigured })
    }
    return try row(
      .summary(of: "the table cluster"),
      """
      SELECT count(*) AS clusters, count(*) FILTER (WHERE effective <> ?) AS configured
      FROM cluster WHERE NOT deleted AND lower(subscription) = ?
      """, [.text(EffectiveConfig.defaults.json.text), .text(subscription.folded)]
    ) { (clusters: try $0.int(), configured: try $0.int()) } ?? (0, 0)
  }

  /// The display name of every existing cluster of a subscription, and whether it differs from AKS's defaults; in the order
  /// of the keys. Reads five columns of each row, since there may be 100,000.
  package func clusterNames(
    in subscription: String, corrections: Corrections = .none
  ) throws -> [(subject: String, isConfigured: Bool)] {
    var last = ""
    var names: [(key: ClusterKey, isConfigured: Bool)] = try rows(
      .cluster,
      """
      SELECT \(Columns.clusterKey), effective <> ? AS effective
      FROM cluster WHERE NOT deleted AND lower(subscription) = ? ORDER BY cluster_key
      """, [.text(EffectiveConfig.defaults.json.text), .text(subscription.folded)]
    ) { row in
      let key = try row.clusterKey()
      guard key.folded > last else { throw row.damage("it is out of order") }
      last = key.folded
      return (key, try row.bool())
    }
    guard !corrections.isEmpty else { return names.map { ($0.key.display, $0.isConfigured) } }
    names.removeAll { corrections.contains($0.key.folded) }
    // "0" is the character after "/".
    let range = corrections.entries(after: "\(subscription.folded)/", through: "\(subscription.folded)0")
    for (folded, entry) in range where !entry.deleted {
      let cluster = try entry.cluster(folded: folded)
      names.append((cluster.key, cluster.config.effective != .defaults))
    }
    names.sort { $0.key.folded < $1.key.folded }
    return names.map { ($0.key.display, $0.isConfigured) }
  }
}
