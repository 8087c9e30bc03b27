// Reads the whole log after each start of the daemon, and the ledger's file at the end.

internal import ExactJSON
internal import DaemonTestSupport

/// Client 0, which only reads: the log after each restart is compared with the log at the end.
struct LogAuditor {
  private var exchange: Exchange
  private let base: Int

  private static let page = 500

  init(_ exchange: Exchange, base: Int) {
    self.exchange = exchange
    self.base = base
  }

  var trace: Trace { exchange.trace }

  /// Reads the log of the daemon in its current life, page by page.
  mutating func readLog(_ life: Int) {
    var after = base
    do {
      let link = Link(
        number: exchange.host.nextConnection(), life: life, client: try LineClient(path: exchange.host.socket))
      while true {
        let ask = Ask("change.list", ["after": .integer(after), "limit": .integer(Self.page)])
        // A page may be shorter than its limit: it is bounded in bytes too.
        guard let next = try exchange.call([ask], on: link).first?.result?["after"]?.intValue else { return }
        after = next
      }
    } catch is LinkEnded {
      // The exchange has recorded a violation unless the daemon was killed.
    } catch {
      guard !exchange.host.wasKilled(life) else { return }
      exchange.trace.report(.lostConnection, [], "the daemon takes no connection: \(error)")
    }
  }

  /// The log after `base` as the daemon lists it.
  static func list(_ daemon: RunningDaemon, after base: Int) throws -> [JSON] {
    let client = try daemon.connect()
    var changes: [JSON] = []
    while true {
      let after = changes.last?["seq"]?.intValue ?? base
      let answer = try client.call("change.list", ["after": .integer(after), "limit": .integer(page)])
      guard let items = answer["items"]?.arrayValue else { throw Failure("change.list answered \(answer.text)") }
      changes += items
      if answer["after"] == nil { return changes }
    }
  }
}

/// The ledger as the stock sqlite3 reads it: no code of Fairlead is between the file and the verifier.
struct LedgerFile {
  let log: [LogEntry]
  let audited: [Int]

  init(_ path: String, after base: Int, in scratch: Scratch) throws {
    func rows(_ sql: String) throws -> [String] { try Programs.sqlite(sql, database: path, in: scratch) }
    // A record is one line of text.
    log = try rows("SELECT record FROM change WHERE seq > \(base) ORDER BY seq").map {
      try LogEntry(JSON(parsing: $0))
    }
    audited = try rows("SELECT seq FROM audit_log WHERE seq > \(base) ORDER BY seq").compactMap { Int($0) }
  }
}
