// The moments of the log at which a reply was true.

internal import ExactJSON

/// An answer that was true at one of `moments`; the history is legal only if one of them lies between its request and its reply.
struct Observation {
  let operation: Operation
  let returned: Int
  /// Disjoint ranges, in order.
  let moments: [ClosedRange<Int>]

  var isRefusal: Bool { operation.refusal != nil }
}

extension Verifier {
  /// The observations that the answers make. An answer that was true at no moment of the log is a violation.
  mutating func observations() -> [Observation] {
    var observations: [Observation] = []
    for operation in self.operations {
      guard let answer = operation.answer else { continue }
      let moments: [ClosedRange<Int>]?
      switch answer.outcome {
      case .result(let result, _): moments = self.moments(of: operation, result)
      case .refused(let data): moments = self.moments(of: operation, refused: data)
      }
      guard let moments else { continue }
      if moments.isEmpty {
        report(
          kind(of: operation), [operation.id], "\(operation.title) was answered what never was: \(text(operation))")
        continue
      }
      if let seq = operation.appliedSeq {
        // Its moment is that of the apply, however often the answer is repeated; its changes show when that was.
        let moment = (seams[seq - 1]?.lowerBound ?? seq) - 1
        if !moments.contains(where: { $0.contains(moment) }) {
          report(
            .falseRefusal, [operation.id],
            "\(operation.title) was refused within an apply, change \(seq), with what was not so then: \(text(operation))"
          )
        }
        continue
      }
      let whole = whole(moments)
      guard !whole.isEmpty else {
        report(.tornApply, [operation.id], "\(operation.title) was answered with half of an apply: \(text(operation))")
        continue
      }
      observations.append(Observation(operation: operation, returned: answer.returned, moments: whole))
    }
    return observations
  }

  private func kind(of operation: Operation) -> Violation.Kind {
    if operation.refusal != nil { return .falseRefusal }
    // Each item was checked alone before, so what remains is whether they fit together.
    return operation.method == "cluster.list" && items(operation).allSatisfy { isKnown($0) } ? .tornList : .unknownState
  }

  private func text(_ operation: Operation) -> String {
    let text = (operation.result ?? operation.refusal ?? .null).text
    return text.count > 600 ? "\(text.prefix(600))..." : text
  }

  private func items(_ operation: Operation) -> [JSON] { operation.result?["items"]?.arrayValue ?? [] }

  // MARK: Answers

  /// The moments at which this result was true; `nil` where it says nothing about the registry.
  private func moments(of operation: Operation, _ result: JSON) -> [ClosedRange<Int>]? {
    switch operation.method {
    case "cluster.get" where operation.looksBack: return moments(ofPast: operation, result)
    case "cluster.get": return moments(ofState: result)
    case "cluster.update", "cluster.rollback":
      // Nothing was recorded, so the answer is like that of a read.
      return result["seq"]?.intValue == nil ? result["cluster"].map { moments(ofState: $0) } : nil
    case "cluster.list": return moments(ofList: operation)
    case "cluster.history": return moments(ofHistory: operation)
    case "change.list": return moments(ofChanges: operation)
    case "registry.health", "change.watch":
      guard let lastSeq = result["head"]?.intValue, lastSeq >= index.base, lastSeq <= index.lastSeq else { return [] }
      return [lastSeq...lastSeq]
    default: return nil
    }
  }

  private func isKnown(_ state: JSON) -> Bool { !moments(ofState: state).isEmpty }

  private func moments(ofState state: JSON) -> [ClosedRange<Int>] {
    guard let cluster = clusterKey(state), let seq = state["updatedSeq"]?.intValue, let entry = index[seq],
      let kept = entry.state, kept == state || kept.canonical == state.canonical,
      let span = index.span(of: cluster, after: seq)
    else { return [] }
    return [span]
  }

  /// A past state of a cluster: true from the change that made it on. A change that was stamped before the time asked for and
  /// recorded later replaces it.
  private func moments(ofPast operation: Operation, _ state: JSON) -> [ClosedRange<Int>] {
    guard let seq = state["updatedSeq"]?.intValue, let entry = index[seq], entry.cluster == operation.cluster,
      operation.sees(entry), entry.state?.canonical == state.canonical
    else { return [] }
    let next = index.entries(of: operation.cluster ?? "").first { $0.seq > seq && operation.sees($0) }
    return [seq...(next?.seq ?? index.lastSeq + 1) - 1]
  }

  /// A whole resource group at one moment: exactly the listed clusters, each as it was then.
  private func moments(ofList operation: Operation) -> [ClosedRange<Int>] {
    var moments = [index.base...index.lastSeq]
    var listed: Set<String> = []
    for item in items(operation) {
      moments = intersection(moments, self.moments(ofState: item))
      listed.insert(clusterKey(item) ?? "")
    }
    let group = "\(operation.params["resourceGroup"]?.stringValue?.lowercased() ?? "")/"
    for cluster in index.clusters where cluster.hasPrefix(group) && !listed.contains(cluster) {
      moments = intersection(moments, index.spans(of: cluster, exists: false))
    }
    return moments
  }

  /// The newest revisions, newest first and without a gap.
  private func moments(ofHistory operation: Operation) -> [ClosedRange<Int>] {
    let items = items(operation)
    guard let cluster = operation.cluster, let top = items.first?["revision"]?.intValue,
      items.count == min(top, operation.params["limit"]?.intValue ?? 100),
      let span = index.span(of: cluster, revision: top)
    else { return [] }
    for (item, number) in zip(items, stride(from: top, through: 1, by: -1)) {
      guard item["revision"]?.intValue == number, let seq = item["seq"]?.intValue, let entry = index[seq],
        entry.cluster == cluster, entry.newRevision?.canonical == item.canonical
      else { return [] }
    }
    return [span]
  }

  /// The log from a place on: a page that another follows says that the log reaches at least that far, any other page where it
  /// ended.
  private func moments(ofChanges operation: Operation) -> [ClosedRange<Int>] {
    let items = items(operation)
    let after = max(operation.params["after"]?.intValue ?? 0, index.base)
    let expected = operation.cluster.map { index.entries(of: $0) } ?? index.all
    let wanted = expected.drop { $0.seq <= after }.prefix(items.count)
    guard wanted.count == items.count, zip(wanted, items).allSatisfy({ $0.change == $1.canonical }) else { return [] }
    let last = wanted.last?.seq ?? after
    // A page that is exactly full may be the last one, and one that is shorter need not be: it is bounded in bytes.
    let isFull = items.count >= operation.params["limit"]?.intValue ?? 100
    guard !isFull, operation.result?["after"] == nil else { return [last...index.lastSeq] }
    let next = expected.first { $0.seq > last }
    // A cursor past the end says that the log had not reached it.
    let start = items.isEmpty ? (operation.cluster == nil ? last : index.base) : last
    return [min(start, index.lastSeq)...(next?.seq ?? index.lastSeq + 1) - 1]
  }

  // MARK: Refusals

  private func moments(of operation: Operation, refused data: JSON) -> [ClosedRange<Int>]? {
    guard let cluster = operation.cluster else { return nil }
    switch data["kind"]?.stringValue {
    case "already-exists": return index.spans(of: cluster, exists: true)
    case "not-found":
      switch operation.method {
      case "cluster.get" where operation.looksBack:
        let first = index.entries(of: cluster).first { operation.sees($0) }
        return [index.base...(first?.seq ?? index.lastSeq + 1) - 1]
      case "cluster.history": return [index.span(of: cluster, before: 1)]
      case "cluster.rollback":
        // Without a target it is the previous revision, which revision 1 does not have.
        return [index.span(of: cluster, before: operation.params["toRevision"]?.intValue ?? 2)]
      default: return index.spans(of: cluster, exists: false)
      }
    case "conflict":
      guard let actual = data["actual"]?.intValue else { return nil }
      switch data["path"]?.stringValue {
      case "ifRevision": return index.span(of: cluster, revision: actual).map { [$0] } ?? []
      case "ifSeq" where actual == 0: return [index.span(of: cluster, before: 1)]
      case "ifSeq": return index.span(of: cluster, after: actual).map { [$0] } ?? []
      default: return nil
      }
    default: return nil
    }
  }
}

extension Operation {
  /// Whether it asks for a past state of a cluster.
  fileprivate var looksBack: Bool { params["revision"] != nil || params["at"] != nil }

  /// Whether a change of its cluster is one that it may be answered with. All times have one format, so they compare as text.
  fileprivate func sees(_ entry: LogEntry) -> Bool {
    if let revision = params["revision"] { return entry.newRevision?["revision"] == revision }
    guard let at = params["at"]?.stringValue, let made = entry.record["at"]?.stringValue else { return false }
    return made <= at
  }
}
