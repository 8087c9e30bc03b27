// `extension.get`: a client extension and its version.

internal import FairleadModel

extension Method {
  static let extensionGet = Method(
    "extension.get", role: .read, summary: "a client extension and its version",
    parameters: [Parameter("name", "the extension, such as aks-preview", required: true, schema: Schema.string)],
    result: Schema.named("extension"),
    errors: [.notFound]
  ) { (reader) throws(Refusal) in
    let name = try reader.requiredString("name")
    try NameRule.extension.check(name, at: "name")
    return .read(.extension(name: name))
  }
}
