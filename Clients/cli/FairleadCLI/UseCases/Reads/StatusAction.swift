// Shows whether the daemon is there and well, why not, and what it is.

internal import ExactJSON

struct StatusAction: CommandAction, Hashable {
  let common: CommonOptions
  /// Seconds after which the daemon counts as one that does not answer.
  let timeout: Int

  /// A daemon that is well answers both questions from memory.
  static let defaultTimeout = 5
  static let timeouts = 1...3600

  /// `done` only where the daemon is well, as `systemctl is-system-running` has it: what is `degraded` needs a person, and a
  /// script that watches the daemon must not have to read a word to notice.
  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let daemon = session.transport.answering(within: timeout)
    let health = try daemon.call("registry.health", JSONObject())
    let description = try daemon.call("registry.describe", JSONObject())
    var object = description.objectValue ?? JSONObject()
    object["status"] = health["status"] ?? .null
    object["head"] = health["head"] ?? description["head"]
    // Everything that health says: a later daemon may say more than this command knows.
    for member in health.objectValue?.members ?? [] where object[member.key] == nil {
      object[member.key] = member.value
    }
    let status = JSON.object(object)
    try session.show(
      Document(
        json: status,
        table: { form in Table([status], StatusText.columns, for: form) },
        text: { StatusText.render(status, $0) }))
    return health["status"] == "ok" ? .done : .failed
  }
}
