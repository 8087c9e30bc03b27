// Options that every change has: why, on which base, and whether it is recorded or only planned.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

/// Why a change is made.
struct MessageOptions: ParsableArguments {
  @Option(name: [.short, .long], help: ArgumentHelp("Why: kept with the change.", valueName: "why"))
  var message: String?

  func write(to builder: inout JSONObjectBuilder) { builder.set("message", ifPresent: message) }
}

/// That a name is meant as it is spelt.
struct ForceOption: ParsableArguments {
  @Flag(help: "Record a name although it is a letter or two from one that is known. It lets nothing else through.")
  var force = false

  func write(to builder: inout JSONObjectBuilder) { if force { builder.set("force", true) } }
}

/// What must hold for a change of a cluster to go through.
struct GuardOptions: ParsableArguments, FleetCheckedOptions {
  @Option(help: ArgumentHelp("Refuse unless this is the cluster's revision.", valueName: "n"))
  var ifRevision: Int?

  @Option(help: ArgumentHelp("Refuse unless this is the last change of the cluster.", valueName: "seq"))
  var ifSeq: Int?

  @Option(
    help: ArgumentHelp("Let a blocking rule through; needs a message. May be repeated.", valueName: "rule"),
    completion: .custom { _, _, _ in RuleBook.overridable })
  var override: [String] = []

  /// The ids of the rules to override, in the catalogue's spelling.
  var overrides: [String] { override.map(\.asciiUppercased) }

  func write(to builder: inout JSONObjectBuilder) {
    builder.set("ifRevision", ifPresent: ifRevision)
    builder.set("ifSeq", ifPresent: ifSeq)
    if !override.isEmpty { builder.set("override", .array(overrides.map { .string($0) })) }
  }

  func checkForFleet() throws(Failure) {
    if ifRevision != nil { throw fleetMisuse(of: "--if-revision") }
    if ifSeq != nil { throw fleetMisuse(of: "--if-seq") }
  }
}

/// How a change is recorded.
struct CommitOptions: ExecutionOptionGroup {
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

  var execution: ChangeExecution {
    dryRun
      ? .plan(PlanOutput()) : .record(Recording(isConfirmed: yes, planDigest: plan, requestID: requestID))
  }

  func checkForFleet() throws(Failure) {
    if plan != nil { throw fleetMisuse(of: "--plan") }
    if requestID != nil {
      throw .usage(
        "cannot take --request-id without --name: the clusters that --label selects may be others the second time",
        hints: ["Run the same update again instead: a cluster that has it already has nothing to do."])
    }
  }
}

/// How a plan is shown.
struct PlanOptions: ExecutionOptionGroup {
  @Flag(
    name: .customLong("detailed-exitcode"), help: "End with 0 for no change, 2 for changes, 4 for what is refused.")
  var detailedExitCode = false

  @OptionGroup var format: ReportFormatOptions

  var execution: ChangeExecution {
    .plan(PlanOutput(detailedExitCode: detailedExitCode, format: format.format))
  }

  // Nothing to check here: whether a format fits depends on its value, and FleetFlow checks that.
  func checkForFleet() throws(Failure) {}
}
