// Shows a cluster, or nothing at first, and then each change as it comes, until it is interrupted.

internal import ExactJSON
internal import FairleadModel

struct WatchFlow {
  let session: Session
  /// The one cluster that is watched.
  let key: ClusterKey?
  /// Which changes, in the parameters of `change.watch`.
  let filter: JSONObject
  /// Begins with what follows this change, and without the cluster as it is now.
  let after: Int?
  /// Changes in all; `nil` goes on for ever.
  let limit: Int?

  func run() throws(Failure) -> CommandStatus {
    let print = try session.changePrinter { (change) throws(Failure) in try text(change) }
    var feed = ChangeFeed(session.transport, session.console, filter, after: after)
    // The watch begins first, so that no change is lost between the cluster that is shown and the changes.
    try feed.begin()
    let shownUpTo = try showCluster()
    var left = limit ?? Int.max
    try feed.follow { (items) throws(Failure) in
      let new = items.filter { ($0["seq"]?.intValue ?? 0) > shownUpTo }
      let shown = Array(new.prefix(left))
      left -= shown.count
      try print(shown)
      return left > 0 && !session.console.isClosed
    }
    return .done
  }

  /// Shows the cluster as it is, and returns the last change that it includes.
  private func showCluster() throws(Failure) -> Int {
    guard let key else { return 0 }
    let json = try session.call("cluster.get", key.parameters.object)
    guard session.output == .text, after == nil else { return 0 }
    let cluster = try DaemonReply.read(json, Cluster.init(_:))
    session.console.out(ClusterText.render(cluster, session.console.outLayout) + "\n")
    return cluster.updatedSeq
  }

  /// A change for a person, with what its report says of it.
  private func text(_ json: JSON) throws(Failure) -> String {
    let change = try DaemonReply.read(json, ChangeLine.init(_:))
    let report: Result<Report, Failure>
    do throws(Failure) {
      let reply = try session.call("report.get", JSONObject([.init(key: "seq", value: .integer(change.seq))]))
      report = .success(try DaemonReply.read(reply, Report.init(_:)))
    } catch {
      // The change itself is known, and is sent only once: it is shown without its report.
      report = .failure(error)
    }
    return WatchText.render(change, report, session.console.outLayout)
  }
}
