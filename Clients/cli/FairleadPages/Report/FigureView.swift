// A picture with its heading, its numbers as a table, and where they come from.

internal import FairleadModel

struct FigureView {
  /// The same drawing for one width of the page.
  struct Sized {
    /// `narrow`, `wide` or `full`: the style sheet shows the one that fits.
    let size: String
    let svgs: [String]
  }

  struct Row {
    let name: String
    let cells: [String]
  }

  let id: String
  let heading: String
  let caption: String
  let drawings: [Sized]
  let columns: [String]
  let hasRows: Bool
  let rows: [Row]
  let basis: [String]
  let limits: [String]

  /// A picture at 300 and 520 units, whose letters stay readable on a phone and in half a page.
  init(
    id: String, heading: String, caption: String, columns: [String], rows: [Row], basis: Basis,
    draw: ((Double) -> Drawing)?
  ) {
    self.id = id
    self.heading = heading
    self.caption = caption
    drawings =
      draw.map { draw in
        [("narrow", 300.0), ("wide", 520)].map { size, width in
          Sized(size: size, svgs: [draw(width).svg(id: "\(id)-\(size)")])
        }
      } ?? []
    self.columns = columns
    hasRows = !rows.isEmpty
    self.rows = rows
    self.basis = optional(basis.source)
    limits = optional(basis.limits)
  }
}

extension FigureView {
  /// The figures of a report's estimates, the most important first.
  static func all(_ estimates: Estimates) -> [FigureView] {
    [
      estimates.disruption.map(disruption), estimates.leastConnection.map(leastConnection),
      estimates.latency.map(latency), estimates.rules.map(rules),
    ].compactMap(\.self)
  }

  private static func disruption(_ estimate: DisruptionEstimate) -> FigureView {
    let timeline = RolloutTimeline(estimate)
    var rows: [Row] = []
    if let range = estimate.perNode { rows.append(Row(name: "One node", cells: [RolloutTimeline.range(range)])) }
    if let range = estimate.rollout {
      let all = estimate.nodes.map { "All \(counted($0, "node"))" } ?? "All nodes"
      rows.append(Row(name: all, cells: [RolloutTimeline.range(range)]))
    }
    var caption = timeline.map { sentence($0.words) } ?? ""
    if !estimate.missing.isEmpty {
      let flags = estimate.missing.map(\.flag).joined(separator: ", ")
      caption += (caption.isEmpty ? "" : " ") + "The rest cannot be estimated without \(flags)."
      if timeline == nil { caption = "Cannot be estimated without \(flags)." }
    } else if rows.isEmpty {
      caption = "Cannot be estimated."
    }
    return FigureView(
      id: "rollout", heading: "How long new connections fail", caption: caption, columns: ["", "Time"], rows: rows,
      basis: estimate.basis, draw: timeline.map { timeline in { timeline.drawing(width: $0) } })
  }

  private static func leastConnection(_ estimate: LeastConnectionEstimate) -> FigureView {
    let chart = LoadChart(estimate)
    var caption =
      "LeastConnection with \(counted(estimate.connectionsPerService, "connection")) to a Service of "
      + "\(counted(estimate.podsPerService, "pod")) from \(counted(estimate.nodes, "node")). The picture has clients "
      + "on random nodes. With as many on each node, and the same order on all, the busiest pod would get "
      + "\(grouped(estimate.busiestPodConnections)), and \(counted(estimate.idlePods, "pod")) none."
    if estimate.belowTwiceTheNodes {
      caption += " There are fewer connections than twice the nodes, where the AKS article itself warns."
    }
    if estimate.podsPerService > Spread.drawn, chart != nil {
      caption += " \(Spread.drawn) of the \(grouped(estimate.podsPerService)) pods are drawn."
    }
    return FigureView(
      id: "loads", heading: "How LeastConnection spreads the load", caption: caption,
      columns: ["", "Busiest pod", "Idle pods", "Connections per pod, busiest first"],
      rows: (chart?.series ?? []).map { item in
        Row(
          name: item.meaning,
          cells: [
            "\(number(Double(item.spread.busiestPercentOfMean) / 100)) x mean", "\(item.spread.idlePercent)%",
            runs(item.spread.loads),
          ])
      }, basis: estimate.basis, draw: chart.map { chart in { chart.drawing(width: $0) } })
  }

  /// Equal loads in a row are listed once: `12 (3 pods), 8, 0 (40 pods)`.
  static func runs(_ loads: [Int]) -> String {
    var parts: [(load: Int, pods: Int)] = []
    for load in loads {
      if parts.last?.load == load { parts[parts.count - 1].pods += 1 } else { parts.append((load, 1)) }
    }
    return parts.map { $0.pods == 1 ? grouped($0.load) : "\(grouped($0.load)) (\($0.pods) pods)" }
      .joined(separator: ", ")
  }

  private static func latency(_ estimate: LatencyEstimate) -> FigureView {
    let chart = ServiceChart(estimate)
    func row(_ name: String, _ packet: FirstPacket?) -> Row {
      guard let packet else { return Row(name: name, cells: ["kube-proxy does not run", "", "", ""]) }
      return Row(
        name: name,
        cells: [
          packet.mode.rawValue, "\(grouped(packet.p50Microseconds)) us", "\(grouped(packet.p99Microseconds)) us",
          "+/- \(grouped(packet.errorMicroseconds)) us",
        ])
    }
    return FigureView(
      id: "latency", heading: "What a connection's first packet waits",
      caption:
        "Only the first packet of a connection pays. Solid lines are where upstream measured; dashes go on from there.",
      columns: ["", "Mode", "Median", "99th percentile", "Error"],
      rows: [row("Before", estimate.before), row("After", estimate.after)], basis: estimate.basis,
      draw: chart.map { chart in { chart.drawing(width: $0) } })
  }

  private static func rules(_ estimate: RulesEstimate) -> FigureView {
    let chart = ServiceChart(estimate)
    func row(_ name: String, _ rules: ProgrammedRules?) -> Row {
      guard let rules else { return Row(name: name, cells: ["kube-proxy does not run", ""]) }
      let objects = rules.objects.map { "\(grouped($0.count)) \($0.name)" }.joined(separator: ", ")
      return Row(name: name, cells: [rules.mode.rawValue, objects])
    }
    return FigureView(
      id: "rules", heading: "What each node is programmed with",
      caption: "With \(counted(estimate.services, "Service")) of \(counted(estimate.endpoints, "endpoint")) each.",
      columns: ["", "Mode", "Objects"], rows: [row("Before", estimate.before), row("After", estimate.after)],
      basis: estimate.basis, draw: chart.map { chart in { chart.drawing(width: $0) } })
  }

  private static func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() + "." }
}
