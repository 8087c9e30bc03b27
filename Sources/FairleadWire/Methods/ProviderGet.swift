// `provider.get`: a resource provider's registration.

internal import FairleadModel

extension Method {
  static let providerGet = Method(
    "provider.get", role: .read, summary: "a resource provider's registration; NotRegistered where nobody asked",
    parameters: .provider,
    result: Schema.named("provider")
  ) { (reader) throws(Refusal) in
    .read(.provider(try ProviderKey(reader)))
  }
}
