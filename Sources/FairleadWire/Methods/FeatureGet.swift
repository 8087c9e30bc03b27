// `feature.get`: a feature flag's registration.

internal import FairleadModel

extension Method {
  static let featureGet = Method(
    "feature.get", role: .read, summary: "a feature flag's registration; NotRegistered where nobody asked",
    parameters: .feature,
    result: Schema.named("feature")
  ) { (reader) throws(Refusal) in
    .read(.feature(try FeatureKey(reader)))
  }
}
