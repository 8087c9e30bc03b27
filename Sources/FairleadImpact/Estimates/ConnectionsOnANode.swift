// How many of a Service's connections one node carries when the clients are on random nodes.

/// The binomial distribution of `connections` over one of `nodes`, as the chance that a node carries more than a given
/// number.
///
/// It is computed from the ratio of neighbouring terms, outwards from the largest, and then normalised. That takes the
/// four basic operations only, whose results IEEE 754 fixes to the last bit.
struct ConnectionsOnANode {
  let nodes: Int
  /// A node carries at least this many, but for a negligible chance.
  private let first: Int
  /// The chance that a node carries more than `first`, `first + 1` and so on; none carries more than the last.
  private let survival: [Double]

  /// Terms that are kept: as many connections on a node as have a chance that matters. 2,048 are enough for 20,000
  /// connections on each node.
  static let kept = 2048
  private static let negligible = 1e-12

  /// `nil` where more than `kept` terms matter.
  init?(nodes: Int, connections: Int) {
    guard nodes > 0, connections >= 0 else { return nil }
    self.nodes = nodes
    guard nodes > 1 else {
      first = connections
      survival = [0]
      return
    }
    let mode = (connections + 1) / nodes
    var above: [Double] = [1]
    while above.count <= Self.kept, let last = above.last, last > Self.negligible {
      let count = Double(mode + above.count - 1)
      above.append(last * (Double(connections) - count) / ((count + 1) * Double(nodes - 1)))
    }
    var below: [Double] = []
    var term = 1.0
    while below.count < mode, below.count <= Self.kept, term > Self.negligible {
      let count = Double(mode - below.count)
      term *= count * Double(nodes - 1) / (Double(connections) - count + 1)
      below.append(term)
    }
    let terms = Array(below.reversed()) + above
    guard terms.count <= Self.kept else { return nil }
    first = mode - below.count
    var rest = 0.0
    var chances: [Double] = []
    for term in terms.reversed() {
      chances.append(rest)
      rest += term
    }
    survival = chances.reversed().map { $0 / rest }
  }

  /// The connections that the pod at `position` of `pods` gets over all nodes, on average, when every node fills its
  /// list in the same order: one from each node that carries more than `position`, more than `position + pods`, ...
  func load(position: Int, pods: Int) -> Double {
    let certain = position < first ? (first - 1 - position) / pods + 1 : 0
    var load = Double(certain)
    var index = position + certain * pods - first
    while index < survival.count {
      load += survival[index]
      index += pods
    }
    return load * Double(nodes)
  }

  /// How many of `pods` no node reaches, on average: the pod at a position is idle when no node carries more than that.
  /// The nodes are taken one by one, as if they did not share one sum: right for many nodes, too high for a handful.
  func idle(pods: Int) -> Double {
    var idle = Double(max(0, pods - first - survival.count))
    for index in survival.indices where first + index < pods { idle += power(1 - survival[index], nodes) }
    return idle
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
