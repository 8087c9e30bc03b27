// The digest of a plan: one part for each input of the plan.

internal import FairleadImpact
internal import ExactJSON
internal import FairleadModel

/// `v1.<params>.<subject>.<feature>.<provider>.<rules>`. The first and the last part are hashes. The others are the number of
/// the change that last updated that resource, so that a stale digest shows by itself which one changed.
struct PlanDigest: Hashable {
  let params: String
  let basis: PlanBasis
  let rules: String

  init(method: String, params: JSON, basis: PlanBasis) {
    let what = JSONObject(
      (params.objectValue?.members ?? []).filter { !ChangeOptions.executionParameters.contains($0.key) })
    self.params = fingerprint(of: Array("\(method) \(JSON.object(what).canonical.text)".utf8), bytes: 12)
    self.basis = basis
    rules = fingerprint(of: Array("\(Catalogue.version) \(Catalogue.ids.joined(separator: " "))".utf8), bytes: 4)
  }

  /// `nil` for text that is not a digest of this version.
  init?(_ text: String) {
    // The longest digest has 34 bytes besides its three numbers.
    guard text.utf8.count <= 128 else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "v1", let subject = Self.number(parts[2]),
      let feature = Self.number(parts[3]), let provider = Self.number(parts[4]), parts[1].utf8.count == 24,
      parts[5].utf8.count == 8
    else { return nil }
    params = parts[1]
    basis = PlanBasis(subjectSeq: subject, featureSeq: feature, providerSeq: provider)
    rules = parts[5]
  }

  /// A number as a digest writes it: without sign and leading zeros.
  private static func number(_ text: String) -> Int? { Int(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil } }

  var text: String { "v1.\(params).\(basis.subjectSeq).\(basis.featureSeq).\(basis.providerSeq).\(rules)" }

  /// The parts in which this plan differs from the one that `expected` is the digest of; empty if none does.
  func moved(since expected: PlanDigest, kind: ResourceKind) -> [MovedPart] {
    var moved: [MovedPart] = []
    func compare(_ name: String, _ old: Int, _ new: Int) {
      if old != new { moved.append(MovedPart(name: name, lastSeqs: (old, new))) }
    }
    if expected.params != params { moved.append(MovedPart(name: "params", lastSeqs: nil)) }
    compare(kind.rawValue, expected.basis.subjectSeq, basis.subjectSeq)
    if kind != .feature { compare("feature", expected.basis.featureSeq, basis.featureSeq) }
    if kind != .provider { compare("provider", expected.basis.providerSeq, basis.providerSeq) }
    if expected.rules != rules { moved.append(MovedPart(name: "rules", lastSeqs: nil)) }
    return moved
  }
}

/// An input of a plan that changed after the plan was made.
struct MovedPart {
  /// `params`, `rules`, `feature`, `provider`, or the subject's resource.
  let name: String
  /// The change that last updated the resource: then, and now. `nil` for a part that is not a resource.
  let lastSeqs: (was: Int, isNow: Int)?

  /// For a sentence.
  var text: String {
    switch name {
    case "params": "what is asked"
    case "rules": "the rule catalogue"
    default: "the \(name)" + (lastSeqs.map { " (change \($0.was), now \($0.isNow))" } ?? "")
    }
  }
}
