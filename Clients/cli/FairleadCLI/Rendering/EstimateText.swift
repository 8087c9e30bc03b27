// The numbers of a report as sentences.

internal import FairleadModel

enum EstimateText {
  /// One sentence or two for each estimate: at most two lines of a terminal, unless the numbers are absurd.
  static func sentences(_ estimates: Estimates) -> [String] {
    [
      estimates.rules.flatMap(rules), estimates.latency.flatMap(latency), estimates.leastConnection.map(spread),
      estimates.leastConnection.flatMap(article), estimates.disruption.map(window),
    ].compactMap(\.self)
  }

  /// The most significant objects of each mode, which the estimate lists first.
  private static func rules(_ estimate: RulesEstimate) -> String? {
    func objects(_ rules: ProgrammedRules) -> String {
      rules.objects.prefix(2).map { "\(grouped($0.count)) \($0.name)" }.joined(separator: " and ")
    }
    switch (estimate.before, estimate.after) {
    case (let before?, let after?):
      return "On each node, \(count(estimate.endpoints, "pod")) a Service: \(objects(before)) -> \(objects(after))."
    case (nil, let after?): return "On each node, \(count(estimate.endpoints, "pod")) a Service: \(objects(after))."
    case (let before?, nil):
      return
        "On each node, \(count(estimate.endpoints, "pod")) a Service: \(objects(before)) stay, and nobody updates them."
    case (nil, nil): return nil
    }
  }

  private static func latency(_ estimate: LatencyEstimate) -> String? {
    func p99(_ packet: FirstPacket) -> String {
      "\(grouped(packet.p99Microseconds)) +/- \(grouped(packet.errorMicroseconds)) us"
    }
    let packets = [estimate.before, estimate.after].compactMap(\.self)
    guard !packets.isEmpty else { return nil }
    return "A connection's first packet takes \(packets.map(p99).joined(separator: " -> ")) at the 99th percentile, "
      + "\(packets.map { grouped($0.p50Microseconds) }.joined(separator: " -> ")) us at the median."
  }

  private static func spread(_ estimate: LeastConnectionEstimate) -> String {
    let head =
      "LeastConnection, \(count(estimate.connectionsPerService, "connection")), "
      + "\(count(estimate.nodes, "node")), \(count(estimate.podsPerService, "pod")): the busiest pod gets "
    guard let bad = estimate.sameOrder else {
      return head + "\(grouped(estimate.busiestPodConnections)), and \(count(estimate.idlePods, "pod")) "
        + "\(estimate.idlePods == 1 ? "gets" : "get") none."
    }
    let good = estimate.randomOrder.map { times($0) == times(bad) ? "" : "\(times($0)) to " } ?? "up to "
    let idle = bad.idlePercent > 0 ? "; up to \(bad.idlePercent)% of pods idle" : ""
    let choice = estimate.randomChoice.map { " (random choice \(times($0)))" } ?? ""
    return "\(head)\(good)\(times(bad)) times the mean\(choice)\(idle)."
  }

  /// The AKS article's test, and where it passes too early: it asks for two connections on each node, however many pods
  /// there are.
  private static func article(_ estimate: LeastConnectionEstimate) -> String? {
    guard estimate.connectionsPerService > 0, estimate.podsPerService > 1, estimate.nodes > 1 else { return nil }
    if estimate.belowTwiceTheNodes {
      return "Fewer connections than twice the nodes: the AKS article warns of this as well."
    }
    // As floating point: what the daemon sends may be any integer.
    let onANode = Double(estimate.connectionsPerService) / Double(estimate.nodes)
    let share = onANode / Double(estimate.podsPerService)
    guard share < 1 else { return nil }
    let fewer =
      share < 0.5 ? "less than half as many connections on a node as pods" : "fewer connections on a node than pods"
    return "The AKS article's test (twice the nodes) passes, but understates large Services: there are \(fewer)."
  }

  private static func window(_ estimate: DisruptionEstimate) -> String {
    let flags = estimate.missing.map(\.flag).joined(separator: ", ")
    guard let perNode = estimate.perNode else {
      let why = estimate.missing.isEmpty ? ". \(estimate.basis.limits)" : " without \(flags)."
      return "How long new connections fail on a node cannot be estimated" + why
    }
    let each = "New connections fail for about \(span(perNode)) on each node"
    if let rollout = estimate.rollout, let nodes = estimate.nodes {
      return "\(each); the rollout takes \(span(rollout)) for \(count(nodes, "node")), one at a time."
    }
    return estimate.missing.isEmpty ? "\(each)." : "\(each); the rollout cannot be estimated without \(flags)."
  }

  /// `4 to 40 s`, `6 s to 15 min`, `3 s`.
  static func span(_ range: SecondsRange) -> String {
    let (from, fromUnit) = rounded(range.from)
    let (to, toUnit) = rounded(range.to)
    if fromUnit != toUnit { return "\(from) \(fromUnit) to \(to) \(toUnit)" }
    return from == to ? "\(to) \(toUnit)" : "\(from) to \(to) \(toUnit)"
  }

  /// In the largest unit of which there are at least two.
  private static func rounded(_ seconds: Int) -> (String, String) {
    for (length, name) in [(86_400, "days"), (3600, "h"), (60, "min")] where seconds >= 2 * length {
      return (grouped(seconds / length + (seconds % length >= length / 2 ? 1 : 0)), name)
    }
    return (grouped(seconds), "s")
  }

  /// `4.3`.
  private static func times(_ spread: Spread) -> String {
    let tenths = spread.busiestPercentOfMean / 10 + (spread.busiestPercentOfMean % 10 >= 5 ? 1 : 0)
    return "\(grouped(tenths / 10)).\(tenths % 10)"
  }

  /// What a change reaches.
  static func reach(_ affected: Affected) -> String {
    var parts = [count(affected.clusters, "cluster")]
    if let nodes = affected.nodes { parts.append(count(nodes, "node")) }
    if let services = affected.services { parts.append(count(services, "Service")) }
    return parts.joined(separator: ", ")
  }

  static func count(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }

  /// `12,005`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// How many of the clusters that a registration reaches are named; the report itself has all of them.
  static let named = 20

  /// A line for the clusters that are not named, and how to see them; empty where all are named.
  static func unnamed(_ report: Report) -> [String] {
    let more = report.affected.named.count - named
    guard more > 0 else { return [] }
    return [
      report.seq.map { "and \(more) more: fairlead report \($0) -o json" } ?? "and \(more) more: -o json has them all"
    ]
  }
}
