// What the revisions of a cluster wrote into the kernels of its nodes, kept up to date from one revision to the next.

package import FairleadModel

/// Of each timeout the newest number, among the last `Limits.timeoutRevisions` revisions since the cluster was created.
package struct KernelTimeouts: Sendable {
  private var newest: [IPVSTimeout: (revision: Int, seconds: Int)] = [:]

  /// From the documents that may have set some, newest first, down to the one that created the cluster. No more
  /// of them is read than it takes to find all three.
  package init(newestFirst documents: some Sequence<(revision: Int, config: KubeProxyConfig)>) {
    for document in documents {
      write(document.config, document.revision) { newer, _ in newer }
      if newest.count == IPVSTimeout.allCases.count { break }
    }
  }

  package var seconds: [IPVSTimeout: Int] { newest.mapValues(\.seconds) }

  /// Once the cluster has another revision; `nil` where that has to be read.
  package func after(_ revision: Revision) -> KernelTimeouts? {
    switch revision.origin {
    // A create begins with nodes of its own; after a delete nobody asks before the next create.
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

  /// What a revision wrote into the kernels of its nodes: its IPVS timeouts, unless the kernel surely refused them.
  private static func timeouts(writtenBy revision: KubeProxyConfig) -> [IPVSTimeout: Int] {
    let timeouts = revision.effective.timeouts
    return IPVSTimeoutLimits.answer(to: timeouts) == .refuses ? [:] : timeouts
  }
}
