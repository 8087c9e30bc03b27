// Numbers that a report can compute from the facts at hand.

package import FairleadJSON

/// What least-connection scheduling does to one Service's pods when every node picks on its own and all nodes walk the
/// pods in the same order. Exact under that assumption. Source: Linux
/// `net/netfilter/ipvs/ip_vs_lc.c`, whose ties go to the first pod of the list.
package struct LeastConnectionEstimate: Sendable, Hashable {
  package let nodes: Int
  package let podsPerService: Int
  package let connectionsPerService: Int
  /// Connections of the busiest pod, and pods that get none.
  package let busiestPodConnections: Int
  package let idlePods: Int
  /// The AKS article's own test: fewer connections than twice the nodes.
  package let belowTwiceTheNodes: Bool

  package init(
    nodes: Int, podsPerService: Int, connectionsPerService: Int, busiestPodConnections: Int, idlePods: Int,
    belowTwiceTheNodes: Bool
  ) {
    self.nodes = nodes
    self.podsPerService = podsPerService
    self.connectionsPerService = connectionsPerService
    self.busiestPodConnections = busiestPodConnections
    self.idlePods = idlePods
    self.belowTwiceTheNodes = belowTwiceTheNodes
  }

  package init(_ reader: ObjectReader) throws(Refusal) {
    self.init(
      nodes: try reader.requiredInteger("nodes"), podsPerService: try reader.requiredInteger("podsPerService"),
      connectionsPerService: try reader.requiredInteger("connectionsPerService"),
      busiestPodConnections: try reader.requiredInteger("busiestPodConnections"),
      idlePods: try reader.requiredInteger("idlePods"),
      belowTwiceTheNodes: try reader.requiredBool("belowTwiceTheNodes"))
  }

  package var json: JSON {
    [
      "nodes": .integer(nodes), "podsPerService": .integer(podsPerService),
      "connectionsPerService": .integer(connectionsPerService),
      "busiestPodConnections": .integer(busiestPodConnections), "idlePods": .integer(idlePods),
      "belowTwiceTheNodes": .bool(belowTwiceTheNodes),
    ]
  }
}

/// The estimates of a report; each is there only where the facts allow it.
package struct Estimates: Sendable, Hashable {
  package var leastConnection: LeastConnectionEstimate?

  package init(leastConnection: LeastConnectionEstimate? = nil) { self.leastConnection = leastConnection }

  package init(_ reader: ObjectReader) throws(Refusal) {
    self.init(
      leastConnection: try reader.object("leastConnection", known: nil).map { (r) throws(Refusal) in
        try LeastConnectionEstimate(r)
      })
  }

  package var json: JSON {
    var builder = ObjectBuilder()
    builder.set("leastConnection", ifPresent: leastConnection?.json)
    return builder.json
  }
}
