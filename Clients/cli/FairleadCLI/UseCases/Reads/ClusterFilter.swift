// Which clusters a list has.

internal import ExactJSON
internal import FairleadModel

/// The clusters of a resource group that have certain labels.
struct ClusterFilter: Sendable, Hashable {
  let subscription: String?
  let resourceGroup: String?
  /// As they were written, `key=value` each: a word of another form is refused when the list is asked for.
  let labels: [String]

  func parameters() throws(Failure) -> JSONObject {
    var builder = JSONObjectBuilder()
    builder.set("subscription", ifPresent: subscription)
    builder.set("resourceGroup", ifPresent: resourceGroup)
    let labels = try LabelSyntax.selection(self.labels)
    if !labels.isEmpty { builder.set("labels", .object(labels)) }
    return builder.object
  }

  /// Why there is no such cluster.
  func explanation(in session: Session) throws(Failure) -> String {
    try EmptySelection(
      session, subscription: subscription, resourceGroup: resourceGroup, labels: LabelSyntax.selection(labels)
    ).explanation()
  }
}
