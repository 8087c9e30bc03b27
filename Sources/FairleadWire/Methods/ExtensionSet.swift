// `extension.set`: records the client extension in use.

internal import FairleadModel

extension Method {
  static let extensionSet = Method(
    "extension.set", role: .operate, summary: "record a client extension and its version",
    parameters: [
      Parameter("name", "the extension, such as aks-preview", required: true, schema: Schema.string),
      Parameter("version", "the version in use; 'latest' where none was ever named", schema: Schema.string),
    ] + .force + .change,
    result: Schema.outcome(.extension),
    errors: .change
  ) { (reader) throws(Refusal) in
    let name = try reader.requiredString("name")
    try NameRule.extension.check(name, at: "name")
    let version = try reader.string("version")
    if let version { try NameRule.version.check(version, at: "version") }
    return .change(.setExtension(name: name, version: version), try reader.changeOptions())
  }
}
