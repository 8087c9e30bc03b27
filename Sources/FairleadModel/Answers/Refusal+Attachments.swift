// What a refusal carries that is itself defined in terms of refusals: a report, and the changes that made a plan stale.

package import ExactJSON

extension Refusal.Reason {
  /// A rule refuses the change; the report says which.
  package static func blocked(_ report: Report) -> Self { Self(.blocked, attaching: report) }

  /// A gate is not met; the report says which.
  package static func prerequisite(_ report: Report) -> Self { Self(.prerequisite, attaching: report) }

  /// The plan that a digest was made of is no longer what would happen. `moved` names the parts that changed, and `changes`
  /// are those that changed them, in order.
  package static func planStale(moved: [String], changes: [Change]) -> Self {
    Self(.planStale, attaching: MovedBase(moved: moved, changes: changes))
  }
}

extension Refusal {
  /// The report of a change that a rule or a gate refuses.
  package var report: Report? { attachment() }

  /// What moved since the plan was made.
  package var movedBase: MovedBase? { attachment() }

  private func attachment<Attachment>() -> Attachment? {
    if case .attachment(let attachment) = detail { attachment.value as? Attachment } else { nil }
  }
}

extension Report: RefusalAttachment {
  package func writeErrorMembers(to text: inout JSONWriter) { text.set("report", self) }
}

/// The parts of a plan's base that moved, and the changes that moved them.
package struct MovedBase: RefusalAttachment {
  /// The parts by name, such as `cluster` or `rules`.
  package let moved: [String]
  /// In the order of the log.
  package let changes: [Change]

  package func writeErrorMembers(to text: inout JSONWriter) {
    text.set("moved", moved)
    text.set("changes", changes)
  }
}
