// What a watcher reads who is behind what is kept in memory.

package import FairleadModel
internal import FairleadStore

extension Registry {
  /// Changes after `seq` that pass `filter`, and the last change that was looked at; bounded in both.
  package func watched(_ filter: WatchFilter, after seq: Int) throws(Refusal) -> (changes: [Change], through: Int) {
    // Not past what is published: a watcher hears of nothing before readers see it.
    let head = published.heads.seq
    return try answering {
      try self.ledger.read {
        try $0.watched(filter, after: seq, through: head, limit: Limits.watchPage, scan: Limits.watchScan)
      }
    }
  }
}
