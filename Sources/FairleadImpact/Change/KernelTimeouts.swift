// What the revisions of a cluster wrote into the kernels of its nodes, kept up to date from one revision to the next.

package import FairleadModel

/// The newest number of each timeout among the last `Limits.timeoutRevisions` revisions since the cluster was created.
package struct KernelTimeouts: Sendable {
  private var newest: [IPVSTimeout: (revision: Int, seconds: Int)] = [:]

  /// Reads the documents that may have set timeouts, newest first, down to the one that created the cluster, and stops
  /// once all three timeouts are found.
  package init(newestFirst documents: some Sequence<(revision: Int, config: KubeProxyConfig)>) {
    for document in documents {
      write(document.config, document.revision) { newer, _ in newer }
      if newest.count == IPVSTimeout.allCases.count { break }
    }
  }

  /// The numbers in seconds.
  package var seconds: [IPVSTimeout: Int] { newest.mapValues(\.seconds) }

  /// The timeouts once the cluster has another revision; `nil` where they have to be read from the ledger again.
  package func after(_ revision: Revision) -> KernelTimeouts? {
    switch revision.origin {
    // A created or imported cluster has new nodes, and a deleted one is not judged before it is created again.
    case .create, .delete, .import: return nil
    case .update, .rollback, .revert:
      guard let config = revision.config else { return nil }
      var next = self
      next.newest = newest.filter { $0.value.revision > revision.revision - Limits.timeoutRevisions }
      next.write(config, revision.revision) { _, newer in newer }
      return next
    }
  }

  private mutating func write(
    _ config: KubeProxyConfig, _ revision: Int,
    _ choose: ((revision: Int, seconds: Int), (revision: Int, seconds: Int)) -> (revision: Int, seconds: Int)
  ) {
    let written = Self.timeouts(writtenBy: config).map { ($0.key, (revision: revision, seconds: $0.value)) }
    newest.merge(written, uniquingKeysWith: choose)
  }

  /// What a revision wrote into the kernels of its nodes: its IPVS timeouts, unless the kernel certainly refused them.
  private static func timeouts(writtenBy revision: KubeProxyConfig) -> [IPVSTimeout: Int] {
    let timeouts = revision.effective.timeouts
    return IPVSTimeoutLimits.answer(to: timeouts) == .refuses ? [:] : timeouts
  }
}
