// What the daemon says of itself and of its health, for a person and as a table.

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
    Column("Reasons", nil) { status in
      let codes = reasons(status).map { word($0, "code") }
      return codes.isEmpty ? "-" : codes.joined(separator: ",")
    },
  ]

  static func render(_ status: JSON, _ layout: Layout) -> String {
    let style = Style(layout)
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
    var lines = [style.bold("fairleadd")] + ClusterText.pairs(pairs)
    for reason in reasons(status) { lines += [""] + text(reason, style, layout) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The reasons why the status is not `ok`, the worst first.
  private static func reasons(_ status: JSON) -> [JSON] { status["reasons"]?.arrayValue ?? [] }

  /// One reason: what it is and since when, what it means, what to do, and whose process brings it about.
  private static func text(_ reason: JSON, _ style: Style, _ layout: Layout) -> [String] {
    var lines = ["\(style.bold(sanitized(word(reason, "code"))))  since \(sanitized(word(reason, "since")))"]
    lines.append(wrapped(word(reason, "message"), width: layout.width, first: "  "))
    if let remedy = reason["remedy"]?.stringValue {
      lines.append(wrapped(remedy, width: layout.width, first: "  -> "))
    }
    if let by = reason["by"], by != .null {
      let command = by["command"]?.stringValue.map { " (\($0))" } ?? ""
      lines.append(wrapped("by process \(word(by, "pid"))\(command)", width: layout.width, first: "  "))
    }
    return lines
  }
}
