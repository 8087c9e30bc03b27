// Reads of the log: its last number, one change, and pages for a watch that has fallen behind.

package import FairleadModel
internal import FairleadStore

extension Registry {
  /// Changes of one page of a watch, a few milliseconds' work, and changes that one page examines if its filter passes few.
  private static let (watchPage, watchScan) = (32, 2048)

  /// The number of the last published change.
  package var lastSeq: Int { published.state.seq }

  package func change(seq: Int) throws(Refusal) -> Change {
    try readFile { reader in
      guard let change = try reader.change(seq: seq) else {
        throw Refusal(.notFound, "cannot show change \(seq): the last one is \(try reader.logEnd().seq)")
      }
      return change
    }
  }

  /// Changes after `seq` that pass `filter`, and the last change that was examined; both are bounded.
  package func watched(_ filter: WatchFilter, after seq: Int) throws(Refusal) -> (changes: [Change], through: Int) {
    // Not past the published state: a watch sees no change before readers do.
    let lastSeq = self.lastSeq
    return try readFile {
      try $0.watched(filter, after: seq, through: lastSeq, limit: Self.watchPage, scan: Self.watchScan)
    }
  }
}
