// `feature.unregister`: requests that a feature flag be unregistered.

internal import FairleadModel

extension Method {
  static let featureUnregister = Method(
    "feature.unregister", role: .operate, summary: "ask for a feature flag to be unregistered",
    parameters: .feature + .force + .change,
    result: Schema.outcome(.feature),
    errors: .change
  ) { (reader) throws(Refusal) in
    .change(.unregisterFeature(try FeatureKey(reader)), try reader.changeOptions())
  }
}
