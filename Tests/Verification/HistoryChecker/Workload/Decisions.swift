// What a client does next: drawn from the seed, the client's number and the step's, and from nothing else.

internal import ExactJSON
internal import DaemonTestSupport

/// What is drawn for one step. How the daemon behaves changes what the numbers in the requests are, never the kinds of
/// requests: the decisions of a step do not depend on how much the steps before it drew.
package struct Decisions {
  var random: SplitMix

  package init(seed: UInt64, client: Int, step: Int) {
    // Streams of neighbours must not be shifted copies of each other, so the coordinates are mixed first.
    var mixer = SplitMix(seed: seed ^ (UInt64(client) << 40) ^ UInt64(step))
    random = SplitMix(seed: mixer.next())
  }

  enum Step {
    case single
    /// A change, and at its reply a read on the other connection: whoever is answered must find it everywhere.
    case changeThenRead
    /// A read, and at its reply one by another method on the other connection: what one has shown, the next must show.
    case reads
    case pipeline(Int)
    case batch(Int)
    /// Requests whose replies nobody waits for: the connection is closed.
    case abandon(Int)
    /// A change that was answered before, once more.
    case replay
    case watch
    case reconnect
  }

  mutating func step() -> Step {
    switch number(100) {
    case ..<20: .single
    case ..<42: .changeThenRead
    case ..<60: .reads
    case ..<72: .pipeline(2 + number(5))
    case ..<82: .batch(2 + number(4))
    case ..<88: .abandon(1 + number(3))
    case ..<94: .replay
    case ..<97: .watch
    default: .reconnect
    }
  }

  package mutating func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  mutating func isTrue(oneIn count: Int) -> Bool { number(count) == 0 }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
}

/// What a client knows of a cluster, from the last answer that named it.
struct Seen {
  var revision = 0
  var seq = 0
  /// When that change was made, as the daemon writes it.
  var at = ""
}

/// Makes requests of decisions and of what is known.
struct Asker {
  /// The resource group of the run, which is its own.
  let group: String
  let clusters: Int
  let base: Int
  var seen: [String: Seen] = [:]
  var head: Int

  init(group: String, clusters: Int, base: Int) {
    self.group = group
    self.clusters = clusters
    self.base = base
    head = base
  }

  func name(_ decisions: inout Decisions) -> String { "c\(decisions.number(clusters))" }

  func params(of name: String) -> JSONObject {
    JSONObject([.init(key: "resourceGroup", value: .string(group)), .init(key: "name", value: .string(name))])
  }

  /// A change, or half of the time a read.
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
    case ..<10: return Ask("change.list", ["after": .integer(max(base, head - back)), "limit": 20])
    case ..<11:
      var params = params(of: name)
      params["after"] = .integer(max(base, head - back * 4))
      params["limit"] = 20
      return Ask("change.list", params)
    case ..<12: return Ask("registry.health")
    default: return past(of: name, back)
    }
  }

  /// A cluster as it was: at one of its revisions, or when it was changed last as far as is known.
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

  /// The reads that follow a change of `name`, or one another: each asks the daemon for the same in another way.
  func look(at name: String, by number: Int) -> Ask {
    switch number % 4 {
    case 0: return Ask("cluster.get", params(of: name))
    case 1:
      var params = params(of: name)
      params["limit"] = 3
      return Ask("cluster.history", params)
    case 2: return Ask("change.list", ["after": .integer(max(base, head - 2)), "limit": 20])
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
      head = max(head, seq)
      if seq > seen[name]?.seq ?? 0 {
        seen[name] = Seen(revision: revision, seq: seq, at: state["updatedAt"]?.stringValue ?? "")
      }
    }
    head = max(head, result["seq"]?.intValue ?? 0)
  }
}
