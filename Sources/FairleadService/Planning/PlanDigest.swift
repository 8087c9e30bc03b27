// The digest that pins a plan: one part for each thing that the plan was made on.

internal import Crypto
internal import FairleadImpact
internal import FairleadJSON
internal import FairleadModel

/// `v1.<params>.<subject>.<feature>.<provider>.<rules>`: the first and last are hashes, the rest the number of the change
/// that last moved the head, so that a stale digest says by itself what moved.
struct PlanDigest: Hashable {
  let params: String
  let basis: PlanBasis
  let rules: String

  init(method: String, params: JSON, basis: PlanBasis) {
    let what = JSONObject(
      (params.objectValue?.members ?? []).filter { !ChangeOptions.manner.contains($0.key) })
    self.params = Self.hash("\(method) \(JSON.object(what).canonical.text)", bytes: 12)
    self.basis = basis
    rules = Self.hash("\(Catalogue.version) \(Catalogue.ids.joined(separator: " "))", bytes: 4)
  }

  /// `nil` for a text that is no digest of this version.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "v1", let subject = Int(parts[2]), let feature = Int(parts[3]),
      let provider = Int(parts[4]), parts[1].utf8.count == 24, parts[5].utf8.count == 8
    else { return nil }
    params = parts[1]
    basis = PlanBasis(subjectSeq: subject, featureSeq: feature, providerSeq: provider)
    rules = parts[5]
  }

  var text: String { "v1.\(params).\(basis.subjectSeq).\(basis.featureSeq).\(basis.providerSeq).\(rules)" }

  /// Refuses where `expected` stands for another plan than this one, with the parts that moved.
  func check(_ expected: String, kind: ChangeKind) throws(Refusal) {
    guard let expected = PlanDigest(expected) else {
      throw .invalid("planDigest", "cannot take this planDigest: it is none that a plan printed")
    }
    var moved: [String] = []
    var said: [String] = []
    func compare(_ part: String, _ old: Int, _ new: Int) {
      guard old != new else { return }
      moved.append(part)
      said.append("the \(part) (change \(old), now \(new))")
    }
    if expected.params != params {
      moved.append("params")
      said.append("what is asked")
    }
    compare(kind.rawValue, expected.basis.subjectSeq, basis.subjectSeq)
    if kind != .feature { compare("feature", expected.basis.featureSeq, basis.featureSeq) }
    if kind != .provider { compare("provider", expected.basis.providerSeq, basis.providerSeq) }
    if expected.rules != rules {
      moved.append("rules")
      said.append("the rule catalogue")
    }
    guard moved.isEmpty else {
      throw Refusal(
        .planStale(moved: moved),
        "cannot commit this plan: \(said.joined(separator: " and ")) moved since it was made; plan again")
    }
  }

  private static func hash(_ text: String, bytes: Int) -> String {
    SHA256.hash(data: Array(text.utf8)).prefix(bytes).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
