// `provider.unregister`: requests that a resource provider be unregistered.

internal import FairleadModel

extension Method {
  static let providerUnregister = Method(
    "provider.unregister", role: .operate, summary: "ask for a resource provider to be unregistered",
    parameters: .provider + .force + .change,
    result: Schema.outcome(.provider),
    errors: .change
  ) { (reader) throws(Refusal) in
    .change(.unregisterProvider(try ProviderKey(reader)), try reader.changeOptions())
  }
}
