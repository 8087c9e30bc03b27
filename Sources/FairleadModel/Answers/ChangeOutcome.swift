// What a change answers.

package import ExactJSON

/// The result of a change, of its plan, or of a request that found nothing to change.
package struct ChangeOutcome: JSONEncodable, Sendable, Hashable {
  /// `nil` for a plan, and for a request that found nothing to record.
  package let seq: Int?
  package let report: Report
  /// The report as text. The record holds the same bytes: a report is the longest part of both, so it is encoded once.
  package let reportText: [UInt8]
  /// The cluster's revision after the change.
  package let revision: Int?
  package let kind: ResourceKind
  /// The resource after the change, as text in the wire's shape.
  package let resource: [UInt8]

  /// `reportText` is `report.text`, where that is known already.
  package init(
    seq: Int?, report: Report, reportText: [UInt8]? = nil, revision: Int?, kind: ResourceKind, resource: [UInt8]
  ) {
    self.seq = seq
    self.report = report
    self.reportText = reportText ?? report.text
    self.revision = revision
    self.kind = kind
    self.resource = resource
  }

  /// Whether the change may set a deadline, so that the daemon's timer must look again.
  package var setsDeadline: Bool {
    switch kind {
    case .feature, .provider: true
    case .cluster: report.pendingConfirm != nil
    case .extension: false
    }
  }

  package func write(to text: inout JSONWriter) {
    text.set("seq", orNull: seq)
    text.set("report", encoded: reportText)
    text.set("revision", ifPresent: revision)
    text.set(kind.rawValue, encoded: resource)
  }
}
