// `fairleadd --rebuild`: makes the projections of a ledger anew from its log, and says what it changed.

internal import FairleadStore
internal import Glibc

/// Rebuilds the projections of the ledger at `path`, which no daemon may have open, and returns lines for a person. Where it
/// throws, the file is as it was.
package func rebuildProjections(
  of path: String, log: @escaping @Sendable (String) -> Void
) throws(StartError) -> [String] {
  guard access(path, F_OK) == 0 else {
    throw StartError("cannot rebuild \(path): there is no ledger; name it with --database")
  }
  do throws(LedgerError) {
    let ledger = try Ledger(path: path, log: log)
    let result: Result<RebuildResult, LedgerError> = Result { () throws(LedgerError) in
      do {
        return try ledger.rebuildProjections()
      } catch {
        throw error as? LedgerError ?? LedgerError(.other, "cannot rebuild the projections of \(path): \(error)")
      }
    }
    try ledger.close()
    return lines(about: try result.get())
  } catch {
    throw StartError(error.message)
  }
}

private func lines(about result: RebuildResult) -> [String] {
  let tables = result.tables.map { table in
    let more = table.rows > table.examples.count ? ", ..." : ""
    return "\(table.name): \(table.rows) \(table.rows == 1 ? "row was" : "rows were") not what the log says: "
      + table.examples.joined(separator: ", ") + more
  }
  let changed = result.schema + tables
  return (changed.isEmpty ? ["every row was what the log says"] : changed)
    + ["rebuilt from \(result.changes) \(result.changes == 1 ? "change" : "changes")"]
}
