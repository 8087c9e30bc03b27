// `fairleadd --rebuild`: makes the projections of a ledger anew from its log, and says what it changed.

internal import FairleadModel
internal import FairleadStore
internal import Glibc

/// What a rebuild says to a person.
package struct RebuildReport: Sendable, Hashable {
  package let lines: [String]
  /// Changes that were acknowledged once and are not in the log, in a sentence. Then the tables are what the log says, and the
  /// ledger is not what it should be.
  package let loss: String?
}

/// Rebuilds the projections of the ledger at `path`, which no daemon may have open. Where it throws, the file is as it was.
package func rebuildProjections(
  of path: String, log: @escaping @Sendable (String) -> Void
) throws(StartError) -> RebuildReport {
  guard access(path, F_OK) == 0 else {
    throw StartError("cannot rebuild \(path): there is no ledger; name it with --database")
  }
  // Opening it would make a new ledger, and every row of that is what its log says.
  guard !Ledger.isEmpty(at: path) else {
    throw StartError("cannot rebuild \(path): the file is empty, and no ledger; name the ledger with --database")
  }
  do throws(LedgerError) {
    let ledger = try Ledger(path: path, health: HealthBoard(now: { .now }, log: log), log: log)
    let missing = ledger.missingChanges
    let result: Result<RebuildResult, LedgerError> = Result { () throws(LedgerError) in
      do {
        return try ledger.rebuildProjections()
      } catch {
        throw error as? LedgerError ?? LedgerError(.other, "cannot rebuild the projections of \(path): \(error)")
      }
    }
    try ledger.close()
    return RebuildReport(
      lines: lines(about: try result.get()),
      loss: missing.map {
        "the tables of \(path) are what its log says, and the log lacks changes \($0.lowerBound) to \($0.upperBound)"
      })
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
