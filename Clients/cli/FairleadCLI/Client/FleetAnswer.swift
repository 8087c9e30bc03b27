// What the daemon answers to an apply, read as rows: one for each cluster.

internal import ExactJSON
internal import FairleadModel

/// One cluster of a fleet, as it was planned or recorded.
struct FleetRow: Sendable, Hashable {
  /// Why a cluster's change is, or would be, refused.
  struct Obstacle: Sendable, Hashable {
    let kind: ErrorCode?
    let message: String
    /// The rules that block it, or the prerequisites that are not met; empty for any other kind.
    let by: [String]
    /// What to do about it.
    let hints: [String]
  }

  let index: Int
  let subject: String
  let isUnchanged: Bool
  /// `nil` where no plan could be made.
  let verdict: Severity?
  let summary: String
  /// How many findings there are of each severity.
  let findings: [Severity: Int]
  /// How many more depend on a missing fact.
  let unknown: Int
  let seq: Int?
  let revision: Int?
  let nodes: Int?
  let services: Int?
  let planDigest: String?
  /// The rules that the plan overrides.
  let overridden: [String]
  let obstacle: Obstacle?

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    index = try reader.requiredInteger("index")
    subject = try reader.requiredString("subject")
    isUnchanged = try reader.bool("unchanged") ?? false
    let key = ClusterKey(display: subject)
    let method = try reader.string("method") ?? ""
    let outcome = try reader.object("outcome", allowedKeys: nil)
    verdict = try outcome?.enumValue("verdict")
    summary = try outcome?.string("summary") ?? ""
    var findings: [Severity: Int] = [:]
    if let counts = try outcome?.object("findings", allowedKeys: nil) {
      for severity in Severity.allCases { findings[severity] = try counts.integer(severity.rawValue) }
    }
    self.findings = findings
    unknown = try outcome?.integer("unknown") ?? 0
    seq = try outcome?.integer("seq")
    revision = try outcome?.integer("revision")
    nodes = try outcome?.integer("nodes")
    services = try outcome?.integer("services")
    planDigest = try outcome?.string("planDigest")
    overridden = try outcome?.strings("overridden") ?? []
    if let object = try reader.object("error", allowedKeys: nil) {
      let message = try object.requiredString("message")
      let error = reader.value("error").flatMap(DaemonError.init)
      let params = key?.parameters.object ?? JSONObject()
      obstacle = Obstacle(
        kind: error?.kind, message: message, by: [], hints: error?.hints(method: method, params: params) ?? [])
    } else if let refusal = try outcome?.object("refusal", allowedKeys: nil) {
      let kind = try refusal.string("kind").flatMap(ErrorCode.init(rawValue:))
      let by = try refusal.strings("by") ?? []
      obstacle = Obstacle(
        kind: kind, message: try refusal.requiredString("message"), by: by,
        hints: RefusalHints.refused(kind, by: by, method: method, key))
    } else {
      obstacle = nil
    }
  }

  /// Whether there is something to record and nothing refuses it.
  var isReady: Bool { obstacle == nil && !isUnchanged }
}

struct FleetAnswer: Sendable, Hashable {
  /// The result as it came.
  let json: JSON
  /// In the order of the request.
  let rows: [FleetRow]

  init(_ json: JSON) throws(Failure) {
    self.json = json
    rows = try DaemonReply.read(json) { (reader) throws(Refusal) in
      try reader.objects("results") { (row) throws(Refusal) in try FleetRow(row) }
    }
  }

  /// Refused ones first, then by verdict, those with nothing to do last; of the same verdict by findings, then by name.
  var worstFirst: [FleetRow] {
    func rank(_ row: FleetRow) -> Int { row.obstacle != nil ? 0 : row.isUnchanged ? 2 : 1 }
    return rows.sorted { a, b in
      if rank(a) != rank(b) { return rank(a) < rank(b) }
      let (x, y) = (a.verdict ?? .blocked, b.verdict ?? .blocked)
      guard x == y else { return x > y }
      // Of the same verdict: more of the worst findings first.
      for severity in Severity.allCases.sorted(by: >) {
        let (m, n) = (a.findings[severity] ?? 0, b.findings[severity] ?? 0)
        if m != n { return m > n }
      }
      return a.subject < b.subject
    }
  }

  var ready: [FleetRow] { rows.filter(\.isReady) }
  var refused: [FleetRow] { rows.filter { $0.obstacle != nil } }

  /// What is ready, least risky first: by verdict, then by nodes, unknown last, then by name.
  var leastRiskyFirst: [FleetRow] {
    ready.sorted { a, b in
      let (x, y) = (a.verdict ?? .none, b.verdict ?? .none)
      if x != y { return x < y }
      let (m, n) = (a.nodes ?? Int.max, b.nodes ?? Int.max)
      return m == n ? a.subject < b.subject : m < n
    }
  }

  /// The worst verdict of what would be done, refused or not.
  var verdict: Severity { rows.filter { !$0.isUnchanged }.compactMap(\.verdict).max() ?? .none }
}
