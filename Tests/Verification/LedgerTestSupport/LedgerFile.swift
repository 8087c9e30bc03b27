// A ledger's file as another program reads and writes it.

package import Foundation
internal import GRDB

private func readOnly<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
  var configuration = Configuration()
  configuration.readonly = true
  return try DatabaseQueue(path: path, configuration: configuration).read(body)
}

/// Rows with their columns joined by '|', NULL as nothing.
package func sql(_ path: String, _ query: String) throws -> [String] {
  try readOnly(path) { try Row.fetchAll($0, sql: query).map(printed) }
}

private func printed(_ row: Row) -> String {
  row.map { _, value in
    switch value.storage {
    case .null: ""
    case .int64(let number): String(number)
    case .double(let number): String(number)
    case .string(let text): text
    case .blob(let data): "\(data.count) bytes"
    }
  }
  .joined(separator: "|")
}

/// Every row of every table of a ledger, as text, in the order of the keys.
package func tables(_ path: String) throws -> [String] {
  let orders = [
    "change": "seq", "revision": "cluster_key, revision", "cluster": "cluster_key", "feature": "feature_key",
    "provider": "provider_key", "extension": "extension_key",
  ]
  return try readOnly(path) { db in
    try orders.sorted { $0.key < $1.key }.flatMap { table, order in
      try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY \(order)").map { "\(table) \(printed($0))" }
    }
  }
}

/// Executes as the stock shell would: with foreign keys off, and no idea of what a ledger is.
package func execute(_ path: String, _ sql: String, inTransaction: Bool = true) throws {
  var configuration = Configuration()
  configuration.foreignKeysEnabled = false
  let queue = try DatabaseQueue(path: path, configuration: configuration)
  if inTransaction {
    try queue.write { try $0.execute(sql: sql) }
  } else {
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  }
}

/// The content of a file; `nil` where there is none.
package func bytes(_ path: String) -> Data? { FileManager.default.contents(atPath: path) }
