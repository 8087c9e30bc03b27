// `extension.list`: the client extensions on record.

internal import FairleadModel

extension Method {
  static let extensionList = Method(
    "extension.list", role: .read, summary: "the client extensions on record",
    parameters: .page(cursor: Schema.string),
    result: Schema.listing(Schema.named("extension"), cursor: Schema.string)
  ) { (reader) throws(Refusal) in
    .read(.extensions(try reader.textPage()))
  }
}
