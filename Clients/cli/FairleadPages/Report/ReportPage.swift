// The impact report as one self-contained HTML page.

package import FairleadModel

package enum ReportPage {
  /// The whole page. `generated` says when it was made, as the reader is to see it.
  package static func render(_ report: Report, generated: String) -> String {
    Page.render(ReportView(report, generated: generated), "report")
  }
}
