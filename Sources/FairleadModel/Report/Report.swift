// The change-impact report. Its JSON is complete; every other rendering shows a part of it.

package import ExactJSON

/// What a change reaches.
package struct Affected: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// How a change of a feature, provider or extension affects a cluster.
  package enum Effect: String, Sendable, Hashable, CaseIterable {
    /// Its configuration may change from now on.
    case opens
    /// Its configuration can no longer change.
    case closes
    /// It runs a configuration that can be neither changed nor rolled back as long as this lasts.
    case stuck
  }

  package struct Cluster: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
    package let subject: String
    package let effect: Effect

    package init(subject: String, effect: Effect) {
      self.subject = subject
      self.effect = effect
    }

    init(_ reader: JSONObjectDecoder) throws(Refusal) {
      self.init(subject: try reader.requiredString("subject"), effect: try reader.requiredEnumValue("effect"))
    }

    package func write(to text: inout JSONWriter) {
      text.set("subject", subject)
      text.set("effect", effect.rawValue)
    }
  }

  package let clusters: Int
  package let nodes: Int?
  package let services: Int?
  /// Every cluster by name where a registration reaches them, in the order of their names.
  package let named: [Cluster]

  package init(clusters: Int, nodes: Int? = nil, services: Int? = nil, named: [Cluster] = []) {
    self.clusters = clusters
    self.nodes = nodes
    self.services = services
    self.named = named
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      clusters: try reader.requiredInteger("clusters"), nodes: try reader.integer("nodes"),
      services: try reader.integer("services"),
      named: try reader.decodeArray("named"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("clusters", clusters)
    text.set("nodes", ifPresent: nodes)
    text.set("services", ifPresent: services)
    if !named.isEmpty { text.set("named", named) }
  }
}

/// How to roll back, and what a rollback leaves behind.
package struct RollbackAdvice: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let command: String
  package let clean: Bool
  /// The rules that would fire on the rollback and say what stays behind.
  package let caveats: [String]

  package init(command: String, clean: Bool, caveats: [String]) {
    self.command = command
    self.clean = clean
    self.caveats = caveats
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      command: try reader.requiredString("command"), clean: try reader.requiredBool("clean"),
      caveats: try reader.strings("caveats") ?? [])
  }

  package func write(to text: inout JSONWriter) {
    text.set("command", command)
    text.set("clean", clean)
    text.set("caveats", caveats)
  }
}

package struct Report: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// Incremented for a member that old readers may ignore; a change that they must not ignore would be a new protocol.
  package static let formatVersion = 1

  /// Set once the change is committed; `planDigest` is set on a plan instead.
  package var seq: Int?
  package var planDigest: String?
  package let subject: String
  package let verdict: Severity
  /// The verdict and what the change does, in one line.
  package let summary: String
  /// Normalisations, resets, and whatever else a person should know that is no finding.
  package let notes: [String]
  /// The blocking rules that the request overrode.
  package let overridden: [String]
  package let diff: [DiffEntry]
  /// Worst first.
  package let findings: [Finding]
  package let prerequisites: [Prerequisite]
  package let estimates: Estimates
  package let affected: Affected
  package let rollback: RollbackAdvice?
  /// Set where the cluster's revision waits to be confirmed after the change.
  package let pendingConfirm: ConfirmNotice?
  /// What a person does before, during and after the change, since Fairlead itself touches no cluster.
  package let sequence: [Step]

  package init(
    seq: Int? = nil, planDigest: String? = nil, subject: String, verdict: Severity, summary: String,
    notes: [String] = [], overridden: [String] = [], diff: [DiffEntry] = [], findings: [Finding] = [],
    prerequisites: [Prerequisite] = [], estimates: Estimates = Estimates(), affected: Affected,
    rollback: RollbackAdvice? = nil, pendingConfirm: ConfirmNotice? = nil, sequence: [Step] = []
  ) {
    self.seq = seq
    self.planDigest = planDigest
    self.subject = subject
    self.verdict = verdict
    self.summary = summary
    self.notes = notes
    self.overridden = overridden
    self.diff = diff
    self.findings = findings
    self.prerequisites = prerequisites
    self.estimates = estimates
    self.affected = affected
    self.rollback = rollback
    self.pendingConfirm = pendingConfirm
    self.sequence = sequence
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      seq: try reader.integer("seq"), planDigest: try reader.string("planDigest"),
      subject: try reader.requiredString("subject"), verdict: try reader.requiredEnumValue("verdict"),
      summary: try reader.requiredString("summary"), notes: try reader.strings("notes") ?? [],
      overridden: try reader.strings("overridden") ?? [],
      diff: try reader.decodeArray("diff"),
      findings: try reader.objects("findings") { (r) throws(Refusal) in try Finding(r) },
      prerequisites: try reader.decodeArray("prerequisites"),
      estimates: try reader.decode("estimates"),
      affected: try reader.decode("affected"),
      rollback: try reader.decodeIfPresent("rollback"),
      pendingConfirm: try reader.decodeIfPresent("pendingConfirm"),
      sequence: try Self.sequence(reader))
  }

  /// Reports in early ledgers have their commands in `apply`, without steps around them.
  private static func sequence(_ reader: JSONObjectDecoder) throws(Refusal) -> [Step] {
    if let commands = try reader.strings("apply"), !commands.isEmpty {
      return [Step(.during, "Carry the change to the cluster.", commands: commands)]
    }
    return try reader.decodeArray("sequence")
  }

  package func write(to text: inout JSONWriter) {
    text.set("formatVersion", Report.formatVersion)
    text.set("seq", ifPresent: seq)
    text.set("planDigest", ifPresent: planDigest)
    text.set("subject", subject)
    text.set("verdict", verdict.rawValue)
    text.set("summary", summary)
    text.set("pendingConfirm", ifPresent: pendingConfirm)
    text.set("notes", notes)
    text.set("overridden", overridden)
    text.set("diff", diff)
    text.set("findings", findings)
    text.set("prerequisites", prerequisites)
    text.set("estimates", estimates)
    text.set("affected", affected)
    text.set("rollback", ifPresent: rollback)
    text.set("sequence", sequence)
  }

  /// Whether a gate refuses the change.
  package var hasUnmetGate: Bool { prerequisites.contains { $0.id.isGate && !$0.met } }
}
