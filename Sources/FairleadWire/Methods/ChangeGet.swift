// `change.get`: one change of the log.

internal import FairleadModel

extension Method {
  static let changeGet = Method(
    "change.get", role: .read, summary: "one change of the log",
    parameters: [Parameter("seq", "the change's number", required: true, schema: Schema.positive)],
    result: Schema.named("change"),
    errors: [.notFound]
  ) { (reader) throws(Refusal) in
    .read(.change(seq: try reader.required("seq", reader.positive)))
  }
}
