// Gathers a cluster's revisions and the verdicts of their changes for a page.

internal import ExactJSON
internal import FairleadModel
internal import FairleadPages

struct HistoryFlow {
  let session: Session
  let key: ClusterKey
  let limit: Int?

  func history(until now: Timestamp) throws(Failure) -> History {
    var builder = JSONObjectBuilder()
    key.write(to: &builder)
    let params = builder.object
    var revisions: [Revision] = []
    let cursor = try Pages(method: "cluster.history", params: params, limit: limit).forEach(session.transport) {
      (page) throws(Failure) in
      for item in page { revisions.append(try DaemonReply.read(item, Revision.init(_:))) }
      return true
    }
    let changes = try changes(of: revisions, params)
    return History(
      subject: key.display,
      entries: revisions.map { revision in
        let change = changes[revision.seq]
        // A verdict that this command does not know is shown as not known.
        return History.Entry(
          revision, verdict: change.flatMap { Severity(rawValue: $0.verdict) }, summary: change?.summary)
      },
      until: now, isCut: cursor != nil)
  }

  /// The changes that made the revisions: one walk through the cluster's part of the log, from the oldest on. Asking for
  /// each by its number would cost a request for each revision.
  private func changes(of revisions: [Revision], _ params: JSONObject) throws(Failure) -> [Int: ChangeLine] {
    let wanted = Set(revisions.map(\.seq))
    guard let first = wanted.min(), let last = wanted.max() else { return [:] }
    var params = params
    params["after"] = .integer(first - 1)
    var found: [Int: ChangeLine] = [:]
    _ = try Pages(method: "change.list", params: params, limit: nil).forEach(session.transport) {
      (page) throws(Failure) in
      var isPast = false
      for item in page {
        let change = try DaemonReply.read(item, ChangeLine.init(_:))
        if wanted.contains(change.seq) { found[change.seq] = change }
        isPast = change.seq >= last
      }
      return !isPast
    }
    return found
  }
}
