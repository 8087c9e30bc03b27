// A cluster's revisions as one self-contained HTML page, with their time axis.

internal import ExactJSON
package import FairleadModel

/// What the page shows of one cluster.
package struct History: Sendable, Hashable {
  /// A revision, and what the report of its change said.
  package struct Entry: Sendable, Hashable {
    package let revision: Revision
    /// `nil` where the change is not known.
    package let verdict: Severity?
    package let summary: String?

    package init(_ revision: Revision, verdict: Severity?, summary: String?) {
      self.revision = revision
      self.verdict = verdict
      self.summary = summary
    }
  }

  /// The cluster, for a person.
  package let subject: String
  /// In any order.
  package let entries: [Entry]
  /// Up to when the last revision is drawn as in force.
  package let until: Timestamp
  /// Whether older revisions were left out.
  package let isCut: Bool

  package init(subject: String, entries: [Entry], until: Timestamp, isCut: Bool = false) {
    self.subject = subject
    self.entries = entries
    self.until = until
    self.isCut = isCut
  }
}

package enum HistoryPage {
  /// How many revisions are drawn, the newest; the table below the picture has them all.
  package static let drawn = 240

  /// The whole page. `generated` says when it was made, as the reader is to see it.
  package static func render(_ history: History, generated: String) -> String {
    Page.render(HistoryView(history, generated: generated), "history")
  }
}

struct HistoryView {
  struct Line {
    let number: String
    let time: String
    let severity: String
    let word: String
    let icon: String
    let origin: String
    let lane: String
    let settings: [String]
    let change: String
    let actor: String
    let message: [String]
    let summary: [String]
  }

  struct Key {
    let icon: String
    let word: String
  }

  let pageTitle: String
  let style = Page.style
  let subject: String
  let isEmpty: Bool
  let standing: [String]
  let cut: [String]
  let drawings: [FigureView.Sized]
  let keys: [Key]
  let lines: [Line]
  let generated: String

  init(_ history: History, generated: String) {
    // Where the clock went back, a later revision is still drawn after an earlier one.
    let entries = history.entries.sorted { $0.revision.revision < $1.revision.revision }
    subject = history.subject
    pageTitle = "History of \(history.subject)"
    isEmpty = entries.isEmpty
    standing = optional(entries.last.map(Self.standing))
    let left = max(entries.count - HistoryPage.drawn, 0)
    cut = optional(
      left > 0
        ? "The newest \(HistoryPage.drawn) of \(grouped(entries.count)) revisions are drawn."
        : history.isCut ? "Older revisions are left out." : nil)
    let axis = HistoryAxis(Array(entries.suffix(HistoryPage.drawn)), until: history.until)
    drawings =
      entries.isEmpty
      ? []
      : [("narrow", 300.0), ("wide", 660), ("full", 1080)].map { size, width in
        FigureView.Sized(
          size: size,
          svgs: axis.drawings(width: width).enumerated().map { $1.svg(id: "axis-\(size)-\($0 + 1)") })
      }
    let seen = Set(entries.compactMap(\.verdict))
    keys = Severity.allCases.reversed().filter(seen.contains).map { Key(icon: SeverityMark.svg($0), word: $0.word) }
    lines = entries.reversed().map(Self.line)
    self.generated = generated
  }

  private static func standing(_ entry: History.Entry) -> String {
    let lane = HistoryAxis.Lane(entry.revision)
    let since = entry.revision.at.text.prefix(10)
    return switch lane {
    case .deleted: "Deleted since \(since)."
    case .disabled: "Revision \(entry.revision.revision): kube-proxy is disabled, since \(since)."
    case .iptables, .ipvs, .nftables:
      "Revision \(entry.revision.revision) stands: \(lane.rawValue), since \(since)."
    }
  }

  private static func line(_ entry: History.Entry) -> Line {
    let revision = entry.revision
    let settings = revision.config.map(Self.settings)
    return Line(
      number: String(revision.revision),
      time: "\(revision.at.text.prefix(10)) \(revision.at.text.dropFirst(11).prefix(8))",
      severity: entry.verdict?.rawValue ?? "unknown", word: entry.verdict?.word ?? "not known",
      icon: entry.verdict.map(SeverityMark.svg) ?? "", origin: HistoryAxis.origin(revision),
      lane: HistoryAxis.Lane(revision).rawValue, settings: optional(settings), change: String(revision.seq),
      actor: revision.actor.name, message: optional(revision.message), summary: optional(entry.summary))
  }

  /// The scheduler and the timeouts with which IPVS runs; empty in the other modes.
  private static func settings(_ config: KubeProxyConfig) -> String {
    let effective = config.effective
    var parts = optional(effective.scheduler?.rawValue)
    for timeout in IPVSTimeout.allCases {
      if let seconds = effective.timeouts[timeout] { parts.append("\(name(timeout)) \(seconds) s") }
    }
    return parts.joined(separator: ", ")
  }

  private static func name(_ timeout: IPVSTimeout) -> String {
    switch timeout {
    case .tcp: "TCP"
    case .tcpFin: "FIN"
    case .udp: "UDP"
    }
  }
}

extension HistoryAxis {
  init(_ entries: [History.Entry], until: Timestamp) {
    var latest = Timestamp(milliseconds: .min)
    marks = entries.map { entry in
      latest = max(latest, entry.revision.at)
      return Mark(
        revision: entry.revision.revision, at: latest, lane: Lane(entry.revision), origin: Self.origin(entry.revision),
        verdict: entry.verdict)
    }
    self.until = max(until, latest)
  }

  /// `rollback to 3`
  static func origin(_ revision: Revision) -> String {
    revision.restores.map { "\(revision.origin.rawValue) to \($0)" } ?? revision.origin.rawValue
  }
}

extension HistoryAxis.Lane {
  init(_ revision: Revision) {
    guard let effective = revision.config?.effective else {
      self = .deleted
      return
    }
    switch effective.mode {
    case .iptables: self = .iptables
    case .ipvs: self = .ipvs
    case .nftables: self = .nftables
    case nil: self = .disabled
    }
  }
}
