// How least-connection scheduling spreads one Service's connections over its pods.

package import ExactJSON

/// How evenly connections lie on the pods of one Service.
package struct Spread: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// The busiest pod's connections in percent of the mean; 100 is even.
  package let busiestPercentOfMean: Int
  /// Pods without a connection, in percent of all.
  package let idlePercent: Int
  /// Connections per pod, busiest first; of more than `drawn` pods, that many at even distances.
  package let loads: [Int]

  /// The number of pods that a drawing shows.
  package static let drawn = 64

  package init(busiestPercentOfMean: Int, idlePercent: Int, loads: [Int]) {
    self.busiestPercentOfMean = busiestPercentOfMean
    self.idlePercent = idlePercent
    self.loads = loads
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    var loads: [Int] = []
    for load in try reader.array("loads") ?? [] { loads.append(load.intValue ?? 0) }
    self.init(
      busiestPercentOfMean: try reader.requiredInteger("busiestPercentOfMean"),
      idlePercent: try reader.requiredInteger("idlePercent"), loads: loads)
  }

  package func write(to text: inout JSONWriter) {
    text.set("busiestPercentOfMean", busiestPercentOfMean)
    text.set("idlePercent", idlePercent)
    text.set("loads", loads)
  }
}

/// The load under LeastConnection as a range. `sameOrder` is the bad end: all nodes have the pods in one order. `randomOrder` is
/// the good end: each node has its own order. `randomChoice` is what IPTABLES and NFTABLES do, for comparison. All three assume
/// clients on random nodes. The loads of the first are exact expectations; the other two are simulated, and left out where that
/// would cost too much. Source: Linux `net/netfilter/ipvs/ip_vs_lc.c`, where ties go to the first pod of the list.
package struct LeastConnectionEstimate: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let nodes: Int
  package let podsPerService: Int
  package let connectionsPerService: Int
  /// Connections of the busiest pod, and pods that get none, with one order on all nodes and as many connections on
  /// each: exact, and what SCH-02 judges by.
  package let busiestPodConnections: Int
  package let idlePods: Int
  /// The AKS article's own test: fewer connections than twice the nodes.
  package let belowTwiceTheNodes: Bool
  package let sameOrder: Spread?
  package let randomOrder: Spread?
  package let randomChoice: Spread?
  package let basis: Basis

  package init(
    nodes: Int, podsPerService: Int, connectionsPerService: Int, busiestPodConnections: Int, idlePods: Int,
    belowTwiceTheNodes: Bool, sameOrder: Spread? = nil, randomOrder: Spread? = nil, randomChoice: Spread? = nil,
    basis: Basis = Basis(source: "", limits: "")
  ) {
    self.nodes = nodes
    self.podsPerService = podsPerService
    self.connectionsPerService = connectionsPerService
    self.busiestPodConnections = busiestPodConnections
    self.idlePods = idlePods
    self.belowTwiceTheNodes = belowTwiceTheNodes
    self.sameOrder = sameOrder
    self.randomOrder = randomOrder
    self.randomChoice = randomChoice
    self.basis = basis
  }

  init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      nodes: try reader.requiredInteger("nodes"), podsPerService: try reader.requiredInteger("podsPerService"),
      connectionsPerService: try reader.requiredInteger("connectionsPerService"),
      busiestPodConnections: try reader.requiredInteger("busiestPodConnections"),
      idlePods: try reader.requiredInteger("idlePods"),
      belowTwiceTheNodes: try reader.requiredBool("belowTwiceTheNodes"),
      sameOrder: try reader.decodeIfPresent("sameOrder"),
      randomOrder: try reader.decodeIfPresent("randomOrder"), randomChoice: try reader.decodeIfPresent("randomChoice"),
      basis: try Basis(reader))
  }

  package func write(to text: inout JSONWriter) {
    text.set("nodes", nodes)
    text.set("podsPerService", podsPerService)
    text.set("connectionsPerService", connectionsPerService)
    text.set("busiestPodConnections", busiestPodConnections)
    text.set("idlePods", idlePods)
    text.set("belowTwiceTheNodes", belowTwiceTheNodes)
    text.set("sameOrder", ifPresent: sameOrder)
    text.set("randomOrder", ifPresent: randomOrder)
    text.set("randomChoice", ifPresent: randomChoice)
    basis.write(to: &text)
  }
}
