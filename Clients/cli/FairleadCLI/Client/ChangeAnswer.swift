// What the daemon answers to a change or a plan.

internal import ExactJSON
internal import FairleadModel

struct ChangeAnswer: Sendable, Hashable {
  /// The result as it came.
  let json: JSON
  /// `nil` for a plan, and where there was nothing to record.
  let seq: Int?
  let report: Report
  let revision: Int?
  let resource: Resource

  init(_ json: JSON) throws(Failure) {
    self.json = json
    (seq, report, revision, resource) = try DaemonReply.read(json) { (reader) throws(Refusal) in
      (
        try reader.integer("seq"), try Report(reader.requiredObject("report", allowedKeys: nil)),
        try reader.integer("revision"), try Self.resource(reader)
      )
    }
  }

  private static func resource(_ reader: JSONObjectDecoder) throws(Refusal) -> Resource {
    if let cluster = try reader.object("cluster", allowedKeys: nil) { return .cluster(try Cluster(cluster)) }
    if let feature = try reader.object("feature", allowedKeys: nil) { return .feature(try Feature(feature)) }
    if let provider = try reader.object("provider", allowedKeys: nil) { return .provider(try Provider(provider)) }
    return .extension(try ClientExtension(reader.requiredObject("extension", allowedKeys: nil)))
  }

  /// Whether the plan disrupts running traffic.
  var isDisruptive: Bool { report.verdict >= .high }

  /// Whether the daemon would refuse the plan.
  var wouldBeRefused: Bool { report.isRefused }

  /// Whether the plan changes nothing in effect; the difference includes facts and labels.
  var changesNothing: Bool { report.verdict == .none && report.diff.isEmpty }
}
