// `feature.list`: every feature flag whose registration was ever requested.

internal import FairleadModel

extension Method {
  static let featureList = Method(
    "feature.list", role: .read, summary: "the feature registrations that were ever asked for",
    parameters: .subscription + [
      Parameter("namespace", "only this provider", schema: Schema.string)
    ] + .page(cursor: Schema.string),
    result: Schema.listing(Schema.named("feature"), cursor: Schema.string)
  ) { (reader) throws(Refusal) in
    .read(
      .features(
        RegistrationFilter(
          subscription: try reader.selector("subscription"), namespace: try reader.selector("namespace")),
        try reader.textPage()))
  }
}
