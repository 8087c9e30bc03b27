// `fairlead status`: whether the daemon is there and well, and what it is.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct StatusCommand: FastPathCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show whether the daemon is there and well.")

  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  var work: StatusAction { StatusAction(common: common) }
}

struct StatusAction: FastPathAction, Hashable {
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
        table: { form in Table([status], Self.columns, for: form) },
        text: { Self.text(status, Style($0)) }))
    return .done
  }

  private static func word(_ status: JSON, _ key: String) -> String {
    switch status[key] {
    case nil, .null: "-"
    case .string(let text): text
    case let value?: value.text
    }
  }

  private static let columns: [Column<JSON>] = [
    Column("Status", nil) { word($0, "status") }, Column("Version", nil) { word($0, "version") },
    Column("Head", nil) { word($0, "head") }, Column("Socket", nil) { word($0, "socket") },
    Column("Database", nil) { word($0, "database") },
    Column("PendingConfirms", nil) { word($0, "pendingConfirms") },
  ]

  static func text(_ status: JSON, _ style: Style) -> String {
    let version = word(status, "version")
    var pairs = [
      ("status", word(status, "status")), ("version", version), ("head", "change \(word(status, "head"))"),
      ("socket", word(status, "socket")), ("database", word(status, "database")),
      ("settle", "\(word(status, "settleSeconds")) s"), ("API version", word(status, "apiVersion")),
    ]
    if let count = status["pendingConfirms"]?.intValue, count > 0 {
      pairs.append(("to confirm", "\(count), the first until \(word(status, "firstDeadline"))"))
    }
    if status["loadedClusters"] != nil {
      pairs.append(("loading", "\(word(status, "loadedClusters")) clusters so far; others are read from the file"))
    }
    if version != fairleadVersion { pairs.append(("this command", "version \(fairleadVersion)")) }
    return ([style.bold("fairleadd")] + ClusterText.pairs(pairs)).joined(separator: "\n") + "\n"
  }
}

extension StatusAction {
  init?(_ words: inout FastPathArguments) { common = words.takeCommonOptions() }
}
