// The estimates of a report: those that the change calls for and the facts allow.

package import FairleadModel

extension Estimates {
  /// The numbers for a change that has an effect; for a creation, those of the configuration that it brings.
  ///
  /// Nothing is estimated where the facts rule NFTABLES out, since nobody knows what runs in its place.
  package init(for change: ConfigChange) {
    guard change.after.mode != .nftables || change.mayRunNFTables else {
      self.init()
      return
    }
    self.init(
      rules: RulesProgrammed.estimate(for: change), latency: FirstPacketLatency.estimate(for: change),
      leastConnection: change.after.scheduler == .leastConnection
        ? LeastConnection.estimate(facts: change.facts) : nil,
      disruption: DisruptionWindow.estimate(for: change))
  }
}
