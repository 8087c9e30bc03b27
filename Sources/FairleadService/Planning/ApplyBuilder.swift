// Collects the changes of one apply: the stamp of each, its result, and the result of the whole.

internal import FairleadModel

struct ApplyBuilder {
  private let request: ApplyRequest
  /// The stamp of the first change. The others differ in number and message.
  private let first: Stamp
  /// How many changes have taken a number.
  private(set) var recorded = 0
  private(set) var results: [ApplyResult] = []
  private(set) var totals = ApplyTotals()
  private var refused: [(index: Int, subject: String, refusal: Refusal)] = []

  init(_ request: ApplyRequest, first: Stamp) {
    self.request = request
    self.first = first
    results.reserveCapacity(request.changes.count)
  }

  /// An item's options, with the request's message if the item has none.
  func options(of item: ApplyRequest.Item) -> ChangeOptions {
    var options = item.options
    options.message = options.message ?? request.message
    return options
  }

  /// The stamp of the next change.
  func stamp(_ options: ChangeOptions) -> Stamp {
    Stamp(seq: first.seq + recorded, at: first.at, clocks: first.clocks, actor: first.actor, message: options.message)
  }

  mutating func advanceSeq() { recorded += 1 }

  // MARK: Results

  /// Adds a change that was planned or recorded. `refusal` is the one that a commit of the plan would get.
  mutating func add(
    _ index: Int, _ item: ApplyRequest.Item, _ outcome: ChangeOutcome, isUnchanged: Bool, refusal: Refusal? = nil
  ) {
    totals.add(outcome, isUnchanged: isUnchanged, isRefused: refusal != nil)
    results.append(.answered(Self.answer(index, item, outcome, isUnchanged: isUnchanged, refusal, request.detail)))
  }

  mutating func add(_ index: Int, _ item: ApplyRequest.Item, _ refusal: Refusal) {
    totals.addRefusal()
    let subject = item.request.subject
    refused.append((index, subject, refusal))
    results.append(
      .refused(index: index, method: item.request.method, subject: subject, detail: request.detail, refusal))
  }

  static func answer(
    _ index: Int, _ item: ApplyRequest.Item, _ outcome: ChangeOutcome, isUnchanged: Bool, _ refusal: Refusal?,
    _ detail: ApplyRequest.Detail
  ) -> ApplyAnswer {
    ApplyAnswer(
      index: index, method: item.request.method, subject: outcome.report.subject, isUnchanged: isUnchanged,
      body: detail == .full ? .full(outcome) : .summary(ChangeSummary(outcome, refusal: refusal)))
  }

  func outcome(seq: Int?) -> ApplyOutcome {
    ApplyOutcome(seq: seq, isAtomic: request.isAtomic, results: results, totals: totals.json)
  }

  // MARK: All or none

  /// Whether nothing of the request can be recorded any more.
  var isAborted: Bool { request.isAtomic && !refused.isEmpty }

  /// The refusal of the whole request. It has the kind of its worst part, and begins with that part's message.
  var refusal: Refusal? {
    let ordered = refused.sorted { (Self.rank($0.refusal), $0.index) < (Self.rank($1.refusal), $1.index) }
    guard let worst = ordered.first else { return nil }
    let count = request.changes.count
    let changes = count == 1 ? "1 change" : "\(count) changes"
    let them = ordered.count == 1 ? "1 of them is refused," : "\(ordered.count) of them are refused, first"
    return Refusal(
      worst.refusal.reason.below("changes[\(worst.index)].params"),
      "cannot apply \(changes), and recorded nothing: \(them) \(worst.subject): \(worst.refusal.message)",
      azureCode: worst.refusal.azureCode,
      among: ordered.prefix(Limits.applyRefusals).map {
        RefusedChange(index: $0.index, subject: $0.subject, message: $0.refusal.message)
      })
  }

  /// Refusals that repeating the request cannot resolve come before those that it may.
  private static func rank(_ refusal: Refusal) -> Int {
    switch refusal.code {
    case .internal: 0
    case .parseError, .invalidRequest, .unknownMethod, .invalidParams, .denied, .tooLarge: 1
    case .notFound, .alreadyExists: 2
    case .blocked: 3
    case .prerequisite: 4
    case .conflict, .planStale, .requestIDReused: 5
    case .busy, .unavailable: 6
    }
  }
}
