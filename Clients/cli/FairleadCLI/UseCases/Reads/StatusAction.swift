// Shows whether the daemon is there and well, and what it is.

internal import ExactJSON

struct StatusAction: CommandAction, Hashable {
  let common: CommonOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let description = try session.call("registry.describe")
    let health = try session.call("registry.health")
    var object = description.objectValue ?? JSONObject()
    object["status"] = health["status"] ?? .null
    object["head"] = health["head"] ?? description["head"]
    for key in ["pendingConfirms", "firstDeadline", "loadedClusters"] where health[key] != nil {
      object[key] = health[key]
    }
    let status = JSON.object(object)
    try session.show(
      Document(
        json: status,
        table: { form in Table([status], StatusText.columns, for: form) },
        text: { StatusText.render(status, Style($0)) }))
    return .done
  }
}
