// Who is notified around a commit.

package import FairleadModel

package struct CommitHooks: Sendable {
  /// Gets the changes of each batch, in the order of the log, once they are durable and published, before any of its writes is
  /// completed. On the commit thread, which it must not block.
  package var onCommit: @Sendable ([Change]) -> Void = { _ in }

  /// Gets the number of the log's last change where other changes than those of `onCommit` came before it: another program wrote
  /// them. They are published. On the commit thread, before `onCommit` gets what the daemon itself recorded after them.
  package var onForeignChanges: @Sendable (_ lastSeq: Int) -> Void = { _ in }

  /// Gets each change that reverted an unconfirmed one, in order, once it is durable.
  package var onRevert: @Sendable (Change) -> Void = { _ in }

  /// Called when a batch is written and not yet committed. Empty in every real daemon. The faulty daemon of the tests takes
  /// steps too early here, so that the history checker can show that it notices; see docs/correctness.md.
  package var beforeCommit: @Sendable (WrittenBatch) -> Void = { _ in }

  package init() {}
}

/// A batch in its transaction, with the two steps that come after its commit. Each is done once, when it is first asked for.
package final class WrittenBatch {
  let contents: BatchContents
  private var publication: (() -> Void)?
  private var completion: (() -> Void)?

  init(_ contents: BatchContents, publish: @escaping (BatchContents) -> Void) {
    self.contents = contents
    publication = { publish(contents) }
    completion = { contents.completeAll() }
  }

  /// Makes the state after the batch the one that readers see, and notifies watches.
  package func publish() {
    publication?()
    publication = nil
  }

  /// Completes the batch's writes.
  package func complete() {
    completion?()
    completion = nil
  }
}

extension Change {
  /// The method under which the daemon records that it reverted an unconfirmed change.
  static let revertMethod = "cluster.revert"

  var isRevert: Bool { method == Self.revertMethod }
}
