// Many changes of clusters in one request, and what comes of them.

package import ExactJSON

/// Changes of clusters that are planned, and unless it is a dry run committed, in one transaction. No two of them are
/// of the same cluster, so that each is planned on the ledger as it was before the first.
package struct ApplyRequest: Sendable, Hashable {
  /// How much is answered of each change.
  package enum Detail: String, Sendable, Hashable, CaseIterable {
    /// The whole report and the cluster, as the change alone would answer.
    case full
    /// The verdict and what a fleet's report is made of, so that thousands fit.
    case summary
  }

  package struct Item: Sendable, Hashable {
    package let request: ChangeRequest
    /// With neither `dryRun` nor `requestID`, which belong to the whole. `params` are the item's own.
    package let options: ChangeOptions

    package init(request: ChangeRequest, options: ChangeOptions) {
      self.request = request
      self.options = options
    }
  }

  package let changes: [Item]
  /// Commit all of them or none.
  package let isAtomic: Bool
  package let dryRun: Bool
  package let detail: Detail
  /// Why, for the changes that do not say it themselves.
  package let message: String?
  package let requestID: String?
  /// The parameters as they were asked.
  package let params: JSON

  package init(
    changes: [Item], isAtomic: Bool = true, dryRun: Bool = false, detail: Detail = .full, message: String? = nil,
    requestID: String? = nil, params: JSON = [:]
  ) {
    self.changes = changes
    self.isAtomic = isAtomic
    self.dryRun = dryRun
    self.detail = detail
    self.message = message
    self.requestID = requestID
    self.params = params
  }
}
