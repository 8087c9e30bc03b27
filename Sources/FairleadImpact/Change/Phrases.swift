// What several rules say of a cluster in the same words: its nodes, its Services, and where to look its facts up.

internal import FairleadModel

extension ConfigChange {
  /// The nodes that a change reaches. A mode is a setting of Linux nodes; Windows nodes run a proxy of their own kind,
  /// so with both in the cluster the count of nodes is not the count that matters.
  var eachNode: String {
    if facts.bool(.windowsNodes) == true { return "each Linux node" }
    guard let nodes = facts.count(.nodeCount), nodes > 0 else { return "each node" }
    return nodes == 1 ? "the one node" : "each of the \(nodes) nodes"
  }

  /// `30 Services`; `nil` where their number is not recorded, or 0.
  var services: String? {
    facts.count(.serviceCount).flatMap { $0 > 0 ? counted($0, "Service") : nil }
  }

  /// How certain it is that the nodes hold the rules of `modeOnNodes`. While kube-proxy is disabled they stay, but a node
  /// that was rebooted or replaced in the meantime has none, and no fact says which nodes were.
  var certaintyOfRules: Certainty { before?.enabled == true ? .will : .may }

  /// The sentence that goes with `certaintyOfRules`; empty where kube-proxy runs.
  var lastRunNote: String {
    guard before?.enabled == false, let mode = modeOnNodes else { return "" }
    return
      " kube-proxy was disabled until now, and \(mode.rawValue) ran last; a node that was rebooted or replaced since "
      + "then no longer holds its rules."
  }

  /// Whether anything depends on NodePorts, as something does that reaches one on 127.0.0.1; `nil` where neither is
  /// recorded.
  var usesNodePorts: Bool? {
    facts.bool(.usesNodePorts) ?? (facts.bool(.usesLocalhostNodePorts) == true ? true : nil)
  }

  /// The command that prints a member of the cluster's network profile.
  func networkProfileQuery(_ member: String) -> String {
    "az aks show \(cluster.flags) --query networkProfile.\(member) -o tsv"
  }
}

/// `1 node`, `3 nodes`.
func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

extension String {
  /// The text with a capital letter, to begin a sentence.
  var sentence: String { prefix(1).uppercased() + dropFirst() }
}
