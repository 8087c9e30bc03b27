// Building the parameters of a request.

internal import ExactJSON
internal import FairleadModel

extension ClusterKey {
  /// The parameters that name the cluster, to which the others are added.
  var parameters: JSONObjectBuilder {
    var builder = JSONObjectBuilder()
    write(to: &builder)
    return builder
  }

  /// The key that is displayed as `subject`: `resourceGroup/name`, led by a subscription that is not the default.
  init?(display subject: String) {
    let parts = subject.split(separator: "/").map(String.init)
    guard parts.count >= 2 else { return nil }
    self.init(
      subscription: parts.count > 2 ? parts[0] : defaultSubscription, resourceGroup: parts[parts.count - 2],
      name: parts[parts.count - 1])
  }
}

extension JSONObjectBuilder {
  /// The members that were set.
  var object: JSONObject { json.objectValue ?? JSONObject() }
}
