// Several changes of clusters in one request.

package import ExactJSON

/// Changes of clusters that are planned and, unless it is a dry run, committed in one transaction. No two of them are of the
/// same cluster, so each is planned against the ledger as it was before the first.
package struct ApplyRequest: Sendable, Hashable {
  /// How much the answer says about each change.
  package enum Detail: String, Sendable, Hashable, CaseIterable {
    /// The whole report and the cluster, as the change alone would answer.
    case full
    /// The verdict and the numbers of a fleet's report, so that thousands fit one answer.
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
  /// The message of the changes that have none of their own.
  package let message: String?
  package let requestID: String?
  /// The parameters of the request.
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
