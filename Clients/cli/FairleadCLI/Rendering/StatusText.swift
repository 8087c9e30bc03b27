// What the daemon says of itself, for a person and as a table.

internal import ExactJSON
internal import FairleadModel

enum StatusText {
  private static func word(_ status: JSON, _ key: String) -> String {
    switch status[key] {
    case nil, .null: "-"
    case .string(let text): text
    case let value?: value.text
    }
  }

  static let columns: [Column<JSON>] = [
    Column("Status", nil) { word($0, "status") }, Column("Version", nil) { word($0, "version") },
    Column("Head", nil) { word($0, "head") }, Column("Socket", nil) { word($0, "socket") },
    Column("Database", nil) { word($0, "database") },
    Column("PendingConfirms", nil) { word($0, "pendingConfirms") },
  ]

  static func render(_ status: JSON, _ style: Style) -> String {
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
