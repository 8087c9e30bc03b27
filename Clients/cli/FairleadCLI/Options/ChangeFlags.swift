// Options of a change beside what it sets: why, on which base, and how it is recorded.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

/// Why a change is made.
struct MessageOptions: ParsableArguments {
  @Option(name: [.short, .long], help: ArgumentHelp("Why: kept with the change.", valueName: "why"))
  var message: String?

  func write(to builder: inout JSONObjectBuilder) { builder.set("message", ifPresent: message) }
}

/// What must hold for a change of a cluster to go through.
struct GuardOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Refuse unless this is the cluster's revision.", valueName: "n"))
  var ifRevision: Int?

  @Option(help: ArgumentHelp("Refuse unless this is the last change of the cluster.", valueName: "seq"))
  var ifSeq: Int?

  @Option(
    help: ArgumentHelp("Let a blocking rule through; needs a message. May be repeated.", valueName: "rule"),
    completion: .custom { _, _, _ in RuleBook.overridable })
  var override: [String] = []

  func write(to builder: inout JSONObjectBuilder) {
    builder.set("ifRevision", ifPresent: ifRevision)
    builder.set("ifSeq", ifPresent: ifSeq)
    if !override.isEmpty { builder.set("override", .array(override.map { .string($0.uppercased()) })) }
  }
}

/// How a change is recorded.
struct CommitOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Record without asking.")
  var yes = false

  @Flag(help: "Show what would happen, and record nothing: as 'fairlead plan'.")
  var dryRun = false

  @Option(help: ArgumentHelp("Record exactly this plan, or refuse as stale.", valueName: "digest"))
  var plan: String?

  @Option(
    name: .customLong("request-id"),
    help: ArgumentHelp("An idempotency key: the same key is recorded once.", valueName: "key"))
  var requestID: String?
}
