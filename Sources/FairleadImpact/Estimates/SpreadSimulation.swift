// Simulates how connections spread over the pods of a Service: with another order on each node, and by random choice.

internal import FairleadModel

/// What a number of trials come to on average. Each trial gives every connection a node at random, and then a pod:
/// under LeastConnection the least loaded of the node's own list, whose order is another on each node; under random
/// choice any.
///
/// The seed is fixed, so the same facts have the same averages. The trials share a budget of steps: few connections are
/// simulated often, many only once, and more than the budget allows not at all.
struct SpreadSimulation {
  let trials: Int
  let randomOrder: Spread
  let randomChoice: Spread
  /// Pods that get nothing when all nodes walk them in one order, in percent.
  let sameOrderIdlePercent: Int

  /// A random number or a visit to a pod or a node is a step; this many take a fraction of a millisecond.
  static let budget = 60_000
  /// More trials than this move no average by a percent of the mean.
  static let mostTrials = 1000
  private static let seed: UInt64 = 0xFA12_1EAD

  /// The most steps that one trial takes, its fixed cost included.
  static func cost(nodes: Int, pods: Int, connections: Int) -> Int { 40 + 3 * connections + 4 * nodes + 12 * pods }

  /// `nil` where there is nothing to simulate, or one trial costs more than the budget.
  init?(nodes: Int, pods: Int, connections: Int) {
    guard nodes > 0, pods > 0, connections > 0 else { return nil }
    let cost = Self.cost(nodes: nodes, pods: pods, connections: connections)
    guard cost <= Self.budget else { return nil }
    trials = min(Self.mostTrials, Self.budget / cost)
    var random = SplitMix64(seed: Self.seed)
    var order = Array(0..<pods)
    var ordered = Tally(pods: pods, connections: connections)
    var chosen = Tally(pods: pods, connections: connections)
    // Allocated once: with few connections there are many short trials.
    var onNode = [Int](repeating: 0, count: nodes)
    var loads = [Int](repeating: 0, count: pods)
    var sameOrderIdle = 0
    for _ in 0..<trials {
      for node in 0..<nodes { onNode[node] = 0 }
      for _ in 0..<connections { onNode[random.next(below: nodes)] += 1 }
      sameOrderIdle += max(0, pods - (onNode.max() ?? 0))
      Self.fill(&loads, onNode, order: &order, &random)
      ordered.add(loads)
      for pod in 0..<pods { loads[pod] = 0 }
      for _ in 0..<connections { loads[random.next(below: pods)] += 1 }
      chosen.add(loads)
    }
    randomOrder = ordered.spread
    randomChoice = chosen.spread
    sameOrderIdlePercent = Self.rounded(100 * sameOrderIdle, trials * pods)
  }

  /// The loads of the pods when each node fills its own list. Whole rounds reach every pod, so only the pods of the rest
  /// are drawn, or those that it leaves out where they are fewer: the first few of a list that is shuffled so far.
  private static func fill(
    _ loads: inout [Int], _ onNode: [Int], order: inout [Int], _ random: inout SplitMix64
  ) {
    let pods = order.count
    for pod in 0..<pods { loads[pod] = 0 }
    var rounds = 0
    for connections in onNode {
      let rest = connections % pods
      rounds += connections / pods
      let leavesOut = 2 * rest > pods
      if leavesOut { rounds += 1 }
      for place in 0..<(leavesOut ? pods - rest : rest) {
        order.swapAt(place, place + random.next(below: pods - place))
        loads[order[place]] += leavesOut ? -1 : 1
      }
    }
    for pod in 0..<pods { loads[pod] += rounds }
  }

  fileprivate static func rounded(_ dividend: Int, _ divisor: Int) -> Int { (dividend + divisor / 2) / divisor }
}

/// The sums over all trials of the busiest pod's load, the second's, and so on.
private struct Tally {
  private var sums: [Int]
  private var podsByLoad: [Int] = []
  private var idle = 0
  private var trials = 0
  private let connections: Int

  init(pods: Int, connections: Int) {
    sums = [Int](repeating: 0, count: pods)
    self.connections = connections
  }

  mutating func add(_ loads: [Int]) {
    // Sorted by counting: loads are small numbers, and there may be many of them.
    let most = loads.max() ?? 0
    while podsByLoad.count <= most { podsByLoad.append(0) }
    for load in loads { podsByLoad[load] += 1 }
    idle += podsByLoad[0]
    var place = 0
    var load = most
    while place < sums.count {
      for _ in 0..<podsByLoad[load] {
        sums[place] += load
        place += 1
      }
      podsByLoad[load] = 0
      load -= 1
    }
    trials += 1
  }

  var spread: Spread {
    Spread(
      busiestPercentOfMean: SpreadSimulation.rounded(100 * sums[0] * sums.count, trials * connections),
      idlePercent: SpreadSimulation.rounded(100 * idle, trials * sums.count),
      loads: Spread.drawnPlaces(of: sums.count).map { SpreadSimulation.rounded(sums[$0], trials) })
  }
}

extension Spread {
  /// The pods that a picture shows: all where they are few, otherwise `drawn` at even distances, with the busiest and
  /// the quietest among them.
  static func drawnPlaces(of pods: Int) -> [Int] {
    pods <= drawn ? Array(0..<pods) : (0..<drawn).map { $0 * (pods - 1) / (drawn - 1) }
  }
}
