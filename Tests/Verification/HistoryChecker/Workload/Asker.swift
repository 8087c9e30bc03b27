// Makes requests out of decisions and of what the client has learned.

internal import ExactJSON

/// The last state of a cluster that an answer has shown to this client.
struct Seen {
  var revision = 0
  var seq = 0
  /// When that change was made, as the daemon writes it.
  var at = ""
}

/// Makes requests of decisions and of what is known.
struct Asker {
  /// The resource group of the run, which no other run uses.
  let group: String
  let clusters: Int
  let base: Int
  var seen: [String: Seen] = [:]
  var lastSeq: Int

  init(group: String, clusters: Int, base: Int) {
    self.group = group
    self.clusters = clusters
    self.base = base
    lastSeq = base
  }

  func name(_ decisions: inout Decisions) -> String { "c\(decisions.number(clusters))" }

  func params(of name: String) -> JSONObject {
    JSONObject([.init(key: "resourceGroup", value: .string(group)), .init(key: "name", value: .string(name))])
  }

  /// A change or a read, with equal probability.
  func ask(_ decisions: inout Decisions, message: String) -> Ask {
    decisions.isTrue(oneIn: 2) ? change(&decisions, message: message) : read(&decisions)
  }

  func change(_ decisions: inout Decisions, message: String, isRetriable: Bool? = nil) -> Ask {
    if decisions.isTrue(oneIn: 6) { return apply(&decisions, message: message, isRetriable: isRetriable) }
    let name = name(&decisions)
    let known = seen[name] ?? Seen()
    // Names are compared without case.
    var params = params(of: decisions.isTrue(oneIn: 8) ? name.uppercased() : name)
    var method = "cluster.update"
    let kind = decisions.number(20)
    let config = self.config(&decisions)
    let team: JSON = ["team": .string(decisions.pick(["a", "b"])), "by": .string(message)]
    let target = decisions.number(6)
    let guarding = decisions.number(8)
    switch kind {
    case ..<3:
      method = "cluster.create"
      params["config"] = config
      params["labels"] = team
    case ..<11:
      params["config"] = config
      params["labels"] = team
    case ..<14: params["labels"] = team
    case ..<17:
      method = "cluster.rollback"
      if target > 0 { params["toRevision"] = .integer(max(1, known.revision - target)) }
    case ..<18: method = "cluster.delete"
    default:
      method = "extension.set"
      params = ["name": .string("e-\(group)"), "version": .string("1.0.\(decisions.number(1 << 30))")]
    }
    if kind < 18 {
      switch guarding {
      case 0: params["ifSeq"] = .integer(known.seq)
      case 1 where method == "cluster.create": params["ifRevision"] = 0
      case 1, 2: if method != "cluster.create", known.revision > 0 { params["ifRevision"] = .integer(known.revision) }
      case 3: if method != "cluster.create" { params["ifRevision"] = .integer(known.revision + 1) }
      default: break
      }
    }
    params["message"] = .string(message)
    let isKept = decisions.isTrue(oneIn: 2)
    if isRetriable ?? isKept {
      params["requestId"] = .string("\(group)/\(message)")
    }
    return Ask(method, params)
  }

  func read(_ decisions: inout Decisions) -> Ask {
    let name = name(&decisions)
    let back = decisions.number(12)
    switch decisions.number(15) {
    case ..<5: return Ask("cluster.get", params(of: name))
    case ..<7: return Ask("cluster.list", ["resourceGroup": .string(group), "limit": 1000])
    case ..<9:
      var params = params(of: name)
      params["limit"] = .integer(1 + back)
      return Ask("cluster.history", params)
    case ..<10: return Ask("change.list", ["after": .integer(max(base, lastSeq - back)), "limit": 20])
    case ..<11:
      var params = params(of: name)
      params["after"] = .integer(max(base, lastSeq - back * 4))
      params["limit"] = 20
      return Ask("change.list", params)
    case ..<12: return Ask("registry.health")
    default: return past(of: name, back)
    }
  }

  /// A past state of a cluster: at one of its revisions, or at the time of the last change that the client knows.
  private func past(of name: String, _ back: Int) -> Ask {
    var params = params(of: name)
    let known = seen[name] ?? Seen()
    if back % 2 == 0, !known.at.isEmpty {
      params["at"] = .string(known.at)
    } else {
      params["revision"] = .integer(max(1, known.revision + 1 - back / 2))
    }
    return Ask("cluster.get", params)
  }

  /// Four ways to read the same state of `name`.
  func look(at name: String, by number: Int) -> Ask {
    switch number % 4 {
    case 0: return Ask("cluster.get", params(of: name))
    case 1:
      var params = params(of: name)
      params["limit"] = 3
      return Ask("cluster.history", params)
    case 2: return Ask("change.list", ["after": .integer(max(base, lastSeq - 2)), "limit": 20])
    default: return Ask("cluster.list", ["resourceGroup": .string(group), "limit": 1000])
    }
  }

  func filter(_ decisions: inout Decisions) -> WatchFilter {
    switch decisions.number(6) {
    case 0: WatchFilter()
    case 1: WatchFilter(kinds: ["cluster"])
    case 2: WatchFilter(kinds: ["extension", "feature"])
    case 3: WatchFilter(resourceGroup: group, name: name(&decisions))
    case 4: WatchFilter(labels: ["team": decisions.pick(["a", "b"])])
    default: WatchFilter(kinds: ["cluster"], resourceGroup: group)
    }
  }

  func config(_ decisions: inout Decisions) -> JSON {
    switch decisions.number(4) {
    case 0: ["mode": "IPTABLES"]
    case 1: ["mode": "NFTABLES"]
    case 2: ["mode": "IPVS"]
    default:
      [
        "mode": "IPVS",
        "ipvsConfig": [
          "scheduler": .string(decisions.pick(["RoundRobin", "LeastConnection"])),
          "tcpTimeoutSeconds": .integer(600 + decisions.number(1000)),
        ],
      ]
    }
  }

  /// Remembers what an answer says.
  mutating func learn(_ operation: Operation) {
    guard let result = operation.result else { return }
    let applied = result["results"]?.arrayValue?.compactMap { $0["outcome"]?["cluster"] } ?? []
    for state in [result, result["cluster"] ?? .null] + (result["items"]?.arrayValue ?? []) + applied {
      guard let seq = state["updatedSeq"]?.intValue, let revision = state["revision"]?.intValue,
        let name = state["name"]?.stringValue?.lowercased()
      else { continue }
      lastSeq = max(lastSeq, seq)
      if seq > seen[name]?.seq ?? 0 {
        seen[name] = Seen(revision: revision, seq: seq, at: state["updatedAt"]?.stringValue ?? "")
      }
    }
    lastSeq = max(lastSeq, result["seq"]?.intValue ?? 0)
  }
}
