// The history of a run: what its clients saw, and the log at its end as the file and the daemon have it.

package import ExactJSON

package struct History: Sendable {
  /// The last change before the run. What the run changed did not exist then.
  package let base: Int
  /// In any order; those of one connection in the order in which they were sent.
  package var operations: [Operation]
  package var watches: [Watch]
  /// The log after `base`, from the ledger's file.
  package var log: [LogEntry]
  /// The same as the daemon lists it after its last start.
  package var listed: [JSON]
  /// The `seq` of each row of the file's view `audit_log` after `base`.
  package var audited: [Int]

  package init(
    base: Int, operations: [Operation], watches: [Watch], log: [LogEntry], listed: [JSON], audited: [Int]
  ) {
    self.base = base
    self.operations = operations
    self.watches = watches
    self.log = log
    self.listed = listed
    self.audited = audited
  }
}

/// Something that must not happen, in one sentence that names the requests.
package struct Violation: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, CaseIterable {
    // A connection misbehaved.
    case lostConnection = "lost-connection"
    case oddReply = "odd-reply"
    case noAnswer = "no-answer"
    case failed
    // The log differs from the answers.
    case gapInLog = "gap-in-log"
    case strangeChange = "strange-change"
    case recordedTwice = "recorded-twice"
    case recordedThoughRefused = "recorded-though-refused"
    case lostChange = "lost-change"
    case changedChange = "changed-change"
    case auditDiffers = "audit-differs"
    case replayDiffers = "replay-differs"
    case tornApply = "torn-apply"
    // A change had an effect that it must not have.
    case ignoredGuard = "ignored-guard"
    case wrongEffect = "wrong-effect"
    // No order of events explains what was seen.
    case unknownState = "unknown-state"
    case tornList = "torn-list"
    case staleRead = "stale-read"
    case earlyRead = "early-read"
    case falseRefusal = "false-refusal"
    case writeOrder = "write-order"
    case ownWriteUnseen = "own-write-unseen"
    case requestsReordered = "requests-reordered"
    // A watch differs from the log.
    case watchGap = "watch-gap"
    case watchDuplicate = "watch-duplicate"
    case watchOrder = "watch-order"
    case watchStranger = "watch-stranger"
    case watchLate = "watch-late"

    /// The kinds that clients report; the verifier finds the others.
    package static let ofConnections: Set<Kind> = [.lostConnection, .oddReply, .noAnswer, .failed]
  }

  package let kind: Kind
  /// The requests that show it, where it is about requests.
  package let operations: [OperationID]
  package let sentence: String

  package init(_ kind: Kind, _ operations: [OperationID], _ sentence: String) {
    self.kind = kind
    self.operations = operations
    self.sentence = sentence
  }

  package var description: String { "\(kind.rawValue): \(sentence)" }
}
