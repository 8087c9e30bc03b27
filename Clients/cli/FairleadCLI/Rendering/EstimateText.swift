// The numbers of a report as sentences.

internal import FairleadModel

enum EstimateText {
  static func sentences(_ estimates: Estimates) -> [String] {
    guard let estimate = estimates.leastConnection else { return [] }
    var sentence =
      "LeastConnection with \(count(estimate.connectionsPerService, "connection")) to a Service of "
      + "\(count(estimate.podsPerService, "pod")) on \(count(estimate.nodes, "node")): the busiest pod gets "
      + "\(estimate.busiestPodConnections), and \(count(estimate.idlePods, "pod")) "
      + "\(estimate.idlePods == 1 ? "gets" : "get") none."
    if estimate.belowTwiceTheNodes { sentence += " That is fewer connections than twice the nodes." }
    return [sentence]
  }

  /// What a change reaches.
  static func reach(_ affected: Affected) -> String {
    var parts = [count(affected.clusters, "cluster")]
    if let nodes = affected.nodes { parts.append(count(nodes, "node")) }
    if let services = affected.services { parts.append(count(services, "Service")) }
    return parts.joined(separator: ", ")
  }

  /// How many of the clusters that a registration reaches are named; the report itself has all of them.
  static let named = 20

  /// What stands for the others, and where they are; empty where all are named.
  static func unnamed(_ report: Report) -> [String] {
    let more = report.affected.named.count - named
    guard more > 0 else { return [] }
    return [
      report.seq.map { "and \(more) more: fairlead report \($0) -o json" } ?? "and \(more) more: -o json has them all"
    ]
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
