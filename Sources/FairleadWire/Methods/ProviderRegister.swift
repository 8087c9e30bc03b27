// `provider.register`: requests the registration of a resource provider.

internal import FairleadModel

extension Method {
  static let providerRegister = Method(
    "provider.register", role: .operate, summary: "ask for a resource provider to be registered",
    parameters: .provider + .force + .change,
    result: Schema.outcome(.provider),
    errors: .change
  ) { (reader) throws(Refusal) in
    .change(.registerProvider(try ProviderKey(reader)), try reader.changeOptions())
  }
}
