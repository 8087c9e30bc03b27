// `report.get`: the impact report of a change.

internal import FairleadModel

extension Method {
  static let reportGet = Method(
    "report.get", role: .read, summary: "the impact report of a change, as it was given",
    parameters: [Parameter("seq", "the change's number", required: true, schema: Schema.positive)],
    result: Schema.named("report"),
    errors: [.notFound]
  ) { (reader) throws(Refusal) in
    .read(.report(seq: try reader.required("seq", reader.positive)))
  }
}
