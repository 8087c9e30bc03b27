// Runs a selection and reads its rows, one after the other.

internal import GRDB
internal import GRDBSQLite

/// A parameter of a selection.
enum SQLArgument: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  case int(Int)
  case text(String)
  case null

  init(stringLiteral value: String) { self = .text(value) }
  init(integerLiteral value: Int) { self = .int(value) }
  init(_ number: Int?) { self = number.map(SQLArgument.int) ?? .null }
}

extension Database {
  /// Calls `take` with each row of a selection until it returns false.
  func selectRows(
    _ subject: RowSubject, _ sql: String, _ arguments: [SQLArgument] = [],
    _ take: (inout RowReader) throws -> Bool
  ) throws {
    let statement = try prepared(sql)
    defer { sqlite3_reset(statement) }
    try bind(to: statement) { row in
      for argument in arguments {
        switch argument {
        case .int(let number): row.bind(number)
        case .text(let text): row.bind(text)
        case .null: row.bindNull()
        }
      }
    }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        var row = RowReader(statement, subject)
        guard try take(&row) else { return }
      case SQLITE_DONE: return
      default: throw lastError(sql)
      }
    }
  }

  /// The first row of a selection; `nil` where it has none.
  func selectRow<Value>(
    _ subject: RowSubject, _ sql: String, _ arguments: [SQLArgument] = [],
    _ decode: (inout RowReader) throws -> Value
  ) throws -> Value? {
    var value: Value?
    try selectRows(subject, sql, arguments) {
      value = try decode(&$0)
      return false
    }
    return value
  }

  /// The one number that a selection or a pragma returns.
  func number(_ sql: String) throws -> Int { try selectRow(.summary(of: "the database"), sql) { try $0.int() } ?? 0 }

  /// A statement that is prepared once per connection.
  func prepared(_ sql: String) throws -> OpaquePointer {
    let statement: OpaquePointer
    do {
      statement = try cachedStatement(sql: sql).sqliteStatement
    } catch {
      throw classified(error)
    }
    // Also resets a statement whose last step failed.
    sqlite3_reset(statement)
    return statement
  }

  /// SQLite's error of the last call.
  func lastError(_ sql: String) -> any Error {
    classified(
      DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)),
        message: String(cString: sqlite3_errmsg(sqliteConnection)), sql: sql))
  }
}
