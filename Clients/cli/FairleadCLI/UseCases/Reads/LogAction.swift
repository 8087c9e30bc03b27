// Lists every change of the registry, or follows them.

internal import ExactJSON
internal import FairleadModel

struct LogAction: CommandAction, Hashable {
  let common: CommonOptions
  let after: Int?
  let follow: Bool
  let resourceGroup: String?
  let name: String?
  let kind: ResourceKind?
  let limit: Int?

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    var builder = JSONObjectBuilder()
    switch (resourceGroup, name) {
    case (let group?, let name?): common.key(resourceGroup: group, name: name).write(to: &builder)
    case (nil, nil):
      guard common.namedSubscription == nil else {
        throw .usage("cannot take --subscription with log: it lists every change of the registry")
      }
    case (_?, nil): throw .usage("cannot list the changes of a resource group: give --name too")
    case (nil, let name?): throw .usage("cannot list the changes of '\(name)': name its resource group too, with -g")
    }
    if follow {
      // A cluster is in one subscription, but a watch without one is of all subscriptions.
      if name != nil, common.namedSubscription == nil { builder.set("subscription", defaultSubscription) }
      if let kind { builder.set("kinds", .array([.string(kind.rawValue)])) }
      return try FollowFlow(session: session, filter: builder.object, after: after ?? 0, limit: limit).run()
    }
    builder.set("kind", ifPresent: kind?.rawValue)
    builder.set("after", ifPresent: after)
    return try ListFlow(
      session: session, pages: Pages(method: "change.list", params: builder.object, limit: limit),
      columns: LedgerText.changes, read: ChangeLine.init(_:), empty: "no change is recorded",
      whyEmpty: { () throws(Failure) in try explanation(in: session) },
      more: { "there is more: go on with --after \($0)" }
    ).run()
  }

  /// Why there is no such change: which option has left nothing.
  private func explanation(in session: Session) throws(Failure) -> String {
    var of = ""
    if let resourceGroup, let name {
      let key = common.key(resourceGroup: resourceGroup, name: name)
      of = " of \(key.display)"
      // A cluster that was ever recorded has changes: another option leaves none of them.
      if after == nil, kind == nil {
        do throws(Failure) {
          _ = try session.call("cluster.get", key.parameters.object)
        } catch {
          // The daemon knows which cluster may be meant.
          if error.cause?.kind == .notFound { return error.message }
          throw error
        }
      }
    }
    let what = "no change\(of)\(kind.map { " of the kind \($0.rawValue)" } ?? "") is recorded"
    return after.map { "\(what) after change \($0)" } ?? what
  }
}
