// Says why a selection has no cluster although some are recorded: a value that none has, a group that does not exist.

internal import ExactJSON
internal import FairleadModel

/// A selection that matched nothing, and what there is in its place.
struct EmptySelection {
  let session: Session
  let subscription: String?
  let resourceGroup: String?
  let labels: [(key: String, value: String)]

  /// Clusters that are looked at; of a larger fleet, the first so many.
  private static let clusters = 1000

  init(_ session: Session, subscription: String?, resourceGroup: String?, labels: JSONObject) {
    self.session = session
    self.subscription = subscription
    self.resourceGroup = resourceGroup
    self.labels = labels.members.map { ($0.key, $0.value.stringValue ?? "") }
  }

  /// What a person should know.
  func explanation() throws(Failure) -> String {
    let nothing = "no cluster is recorded here"
    guard subscription != nil || resourceGroup != nil || !labels.isEmpty else { return nothing }
    var all: [Candidate] = []
    let rest = try Pages(method: "cluster.list", params: JSONObject(), limit: Self.clusters).forEach(session.transport)
    {
      (items) throws(Failure) in
      for item in items { all.append(try DaemonReply.read(item, Candidate.init)) }
      return true
    }
    guard !all.isEmpty else { return nothing }
    return explanation(all) + (rest == nil ? "" : " (of the first \(all.count) clusters)")
  }

  private func explanation(_ all: [Candidate]) -> String {
    var fleet = all
    if let subscription {
      fleet = all.filter { $0.key.subscription.folded == subscription.folded }
      if fleet.isEmpty {
        return "no cluster is in the subscription '\(subscription)'; "
          + Self.counts(all.map(\.key.subscription.asciiLowercased), near: subscription)
      }
    }
    var place = ""
    if let resourceGroup {
      let groups = fleet.map(\.key.resourceGroup.asciiLowercased)
      fleet = fleet.filter { $0.key.resourceGroup.folded == resourceGroup.folded }
      if fleet.isEmpty {
        return "no cluster is in the resource group '\(resourceGroup)'; " + Self.counts(groups, near: resourceGroup)
      }
      place = " in \(resourceGroup)"
    }
    for (key, value) in labels where !fleet.contains(where: { $0.has(key, value) }) {
      return "no cluster\(place) has \(key)=\(value); " + instead(of: key, value, fleet)
    }
    // A cluster that was recorded in this moment.
    guard !labels.isEmpty else { return "no cluster was there\(place)" }
    let each = labels.map { key, value in "\(key)=\(value) has \(fleet.count { $0.has(key, value) })" }
    return "no cluster\(place) has all of \(labels.map { "\($0)=\($1)" }.joined(separator: ", ")); "
      + each.joined(separator: ", ")
  }

  private func instead(of key: String, _ value: String, _ fleet: [Candidate]) -> String {
    if let parts = LabelSyntax.joined("\(key)=\(value)") {
      return "for several labels give --label once for each: "
        + parts.map { spelled("--label", $0) }.joined(separator: " ")
    }
    let values = fleet.compactMap { $0.labels[key] }
    if !values.isEmpty { return Self.counts(values, near: value, after: "\(key)=") }
    let keys = Set(fleet.flatMap(\.labels.keys)).sorted()
    if let near = nearest(to: key, in: keys) { return "none has a label '\(key)'; did you mean '\(near)'?" }
    return keys.isEmpty ? "none has a label" : "none has a label '\(key)'; there are \(Self.some(keys))"
  }

  /// Each word, after what stands before all of them, with how often it occurs: the one that may be meant, or the most
  /// frequent ones.
  private static func counts(_ words: [String], near wanted: String, after prefix: String = "") -> String {
    let counts = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
    let ordered = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let guess = nearest(to: wanted, in: ordered.map(\.key))
    let listed = guess.map { guess in ordered.filter { $0.key == guess } } ?? ordered
    return some(listed.map { "\(prefix)\($0.key) has \($0.value)" })
  }

  private static func some(_ words: [String]) -> String {
    words.prefix(5).joined(separator: ", ") + (words.count > 5 ? " and \(words.count - 5) more" : "")
  }

  /// What a selection looks at.
  private struct Candidate {
    let key: ClusterKey
    let labels: [String: String]

    init(_ reader: JSONObjectDecoder) throws(Refusal) {
      let cluster = try Cluster(reader)
      (key, labels) = (cluster.key, cluster.labels.values)
    }

    func has(_ key: String, _ value: String) -> Bool { labels[key]?.hasSameBytes(as: value) == true }
  }
}
