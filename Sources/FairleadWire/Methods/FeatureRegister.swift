// `feature.register`: requests the registration of a feature flag.

internal import FairleadModel

extension Method {
  static let featureRegister = Method(
    "feature.register", role: .operate, summary: "ask for a feature flag to be registered",
    parameters: .feature + .force + .change,
    result: Schema.outcome(.feature),
    errors: .change
  ) { (reader) throws(Refusal) in
    .change(.registerFeature(try FeatureKey(reader)), try reader.changeOptions())
  }
}
