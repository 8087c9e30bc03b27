// `provider.list`: every resource provider whose registration was ever requested.

internal import FairleadModel

extension Method {
  static let providerList = Method(
    "provider.list", role: .read, summary: "the provider registrations that were ever asked for",
    parameters: .subscription + [
      Parameter("namespace", "only this provider", schema: Schema.string)
    ] + .page(cursor: Schema.string),
    result: Schema.listing(Schema.named("provider"), cursor: Schema.string)
  ) { (reader) throws(Refusal) in
    .read(
      .providers(
        RegistrationFilter(
          subscription: try reader.selector("subscription"), namespace: try reader.selector("namespace")),
        try reader.textPage()))
  }
}
