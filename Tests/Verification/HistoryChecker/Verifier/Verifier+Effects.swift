// Each recorded change follows from its request and from the change before it.

internal import ExactJSON

extension Verifier {
  mutating func checkEffects() {
    for entry in index.all {
      guard let cluster = entry.cluster, let message = entry.message, let request = requests[message]?.first else {
        continue
      }
      let before = index.previous(entry)
      checkGuards(request, entry, before)
      checkState(request, entry, before, of: cluster)
    }
  }

  private mutating func checkGuards(_ request: Operation, _ entry: LogEntry, _ before: LogEntry?) {
    func ignored(_ what: String) {
      let state =
        before.map { "change \($0.seq) had left it at revision \($0.revision ?? 0)" } ?? "it had no change yet"
      report(
        .ignoredGuard, [request.id], "\(request.title) was recorded as change \(entry.seq) \(what), while \(state)")
    }
    if let expected = request.params["ifSeq"]?.intValue, expected != before?.seq ?? 0 {
      ignored("with ifSeq \(expected)")
    }
    let exists = before?.isDeleted == false
    switch request.method {
    case "cluster.create":
      if exists { ignored("though the cluster existed") }
    default:
      if !exists, request.method != "cluster.rollback" { ignored("though the cluster did not exist") }
      if let expected = request.params["ifRevision"]?.intValue, expected != before?.revision ?? 0 {
        ignored("with ifRevision \(expected)")
      }
    }
  }

  private mutating func checkState(
    _ request: Operation, _ entry: LogEntry, _ before: LogEntry?, of cluster: String
  ) {
    func wrong(_ what: String) {
      report(
        .wrongEffect, [request.id],
        "\(request.title) was recorded as change \(entry.seq) with \(what): \(entry.state?.text ?? "no state")")
    }
    guard let state = entry.state, entry.method == request.method, cluster == request.cluster else {
      return wrong("another method or cluster")
    }
    if state["updatedSeq"]?.intValue != entry.seq { wrong("another updatedSeq") }
    let base = before?.revision ?? 0
    let expectedRevision = entry.newRevision == nil ? base : base + 1
    if entry.revision != expectedRevision { wrong("a revision that is not \(expectedRevision)") }
    if entry.isDeleted != (request.method == "cluster.delete") { wrong("the wrong mark of a tombstone") }
    var config = before?.state?["config"] ?? [:]
    var labels = labels(before?.state)
    switch request.method {
    case "cluster.create":
      config = request.params["config"] ?? [:]
      labels = self.labels(request.params)
    case "cluster.update":
      config = request.params["config"] ?? config
      labels.merge(self.labels(request.params)) { $1 }
    case "cluster.rollback":
      let number = request.params["toRevision"]?.intValue ?? base - 1
      config = index.entries(of: cluster).first { $0.revision == number }?.state?["config"] ?? .null
    default: break
    }
    if state["config"]?.canonical != config.canonical { wrong("another configuration than \(config.text)") }
    if self.labels(state) != labels { wrong("other labels") }
  }

  private func labels(_ json: JSON?) -> [String: JSON] {
    let members = json?["labels"]?.objectValue?.members ?? []
    return Dictionary(members.map { ($0.key, $0.value) }) { $1 }
  }
}
