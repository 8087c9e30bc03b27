// Plans the record of a client extension, which gates only the az commands that reports print.

internal import ExactJSON
internal import FairleadModel

enum ExtensionPlanner {
  /// Without a `version` the recorded one stays, or is `latest` for an extension that is not on record yet.
  static func set(name: String, version: String?, current: ClientExtension?, stamp: Stamp) -> Plan {
    let wanted = version ?? current?.version ?? "latest"
    let isRecorded = current?.version != wanted
    let after =
      isRecorded
      ? ClientExtension(name: current?.name ?? name, version: wanted, since: stamp.at, updatedSeq: stamp.seq)
      : current ?? ClientExtension(name: name, version: wanted, since: stamp.at, updatedSeq: stamp.seq)
    let diff =
      isRecorded
      ? [
        DiffEntry(path: "version", before: current.map { .string($0.version) } ?? .null, after: .string(wanted))
      ] : []
    let verb = current == nil ? "add" : "update"
    let pinned = wanted == "latest" ? "" : " --version \(wanted)"
    let report = Report(
      subject: after.name, verdict: .none,
      summary: Summary.text(verb, after.name, diff: diff, findings: [], isRecorded: isRecorded),
      notes: isRecorded ? [] : ["The extension \(after.name) is on record already, version \(after.version)."],
      diff: diff, affected: Affected(clusters: 0),
      sequence: isRecorded
        ? [
          Step(
            .during, "Install it where the az commands run.",
            commands: ["az extension add --name \(after.name) --upgrade\(pinned)"])
        ] : [])
    return Plan(
      report: report, effects: Effects(extension: after), resource: .extension(after), isRecorded: isRecorded,
      refusal: nil,
      basis: PlanBasis(subjectSeq: current?.updatedSeq ?? 0, featureSeq: 0, providerSeq: 0))
  }
}
