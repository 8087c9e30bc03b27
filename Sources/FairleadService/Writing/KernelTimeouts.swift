// What the revisions of a cluster wrote into the kernels of its nodes, kept up to date from one revision to the next.

internal import FairleadImpact
internal import FairleadModel
internal import FairleadStore

/// Of each timeout the newest number, among the last `Limits.timeoutRevisions` revisions since the cluster was created.
struct KernelTimeouts {
  private var newest: [IPVSTimeout: (revision: Int, seconds: Int)] = [:]

  /// From the documents that may have set some, newest first.
  init(newestFirst documents: [PastDocument]) {
    for document in documents { write(document.config, document.revision) { newer, _ in newer } }
  }

  var seconds: [IPVSTimeout: Int] { newest.mapValues(\.seconds) }

  /// Once the cluster has another revision; `nil` where that has to be read.
  func after(_ revision: Revision) -> KernelTimeouts? {
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
    let written = Judgement.timeoutsWritten(by: config).map { ($0.key, (revision: revision, seconds: $0.value)) }
    newest.merge(written, uniquingKeysWith: choose)
  }
}
