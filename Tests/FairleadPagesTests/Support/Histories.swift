// Sample histories that the tests of the pages share.

import FairleadModel

@testable import FairleadPages

extension Sample {
  private static let actor = Actor(uid: 1000, gid: 1000, pid: 4711, name: "maria")

  private static func time(_ text: String) -> Timestamp { Timestamp(text) ?? Timestamp(milliseconds: 0) }

  static func entry(
    _ number: Int, _ at: Timestamp, _ origin: Origin, _ config: KubeProxyConfig?, _ verdict: Severity?,
    restores: Int? = nil, message: String? = nil
  ) -> History.Entry {
    History.Entry(
      Revision(
        revision: number, baseRevision: number > 1 ? number - 1 : nil, origin: origin, config: config, seq: number * 3,
        at: at, actor: actor, message: message, restores: restores),
      verdict: verdict, summary: "\(origin.rawValue) prod-rg/web: revision \(number)")
  }

  /// Forty revisions: a burst within seconds, months of nothing, another burst, a deletion, and the return.
  static let longHistory: History = {
    let ipvs = KubeProxyConfig(mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.tcp: 900]))
    let configs = [KubeProxyConfig(mode: .iptables), ipvs, KubeProxyConfig(mode: .nftables)]
    let verdicts: [Severity] = [.info, .critical, .high, .medium, .low, .none]
    var entries = [
      entry(1, time("2026-01-12T08:00:00Z"), .import, .empty, Severity.none, message: "as it was found")
    ]
    for number in 2...16 {
      entries.append(
        entry(
          number, time("2026-01-12T08:05:00Z").adding(seconds: number * 3), .update, configs[number % 3],
          verdicts[number % 6], message: number % 4 == 0 ? "try \(number)" : nil))
    }
    entries.append(
      entry(
        17, time("2026-05-30T22:10:00Z"), .update, configs[2], .high,
        message: "the way out of IPVS, as agreed with the platform team on Thursday"))
    entries.append(entry(18, time("2026-05-30T22:20:00Z"), .revert, configs[1], .critical, restores: 16))
    entries.append(entry(19, time("2026-08-03T07:00:00Z"), .delete, nil, .critical))
    entries.append(entry(20, time("2026-08-03T07:30:00Z"), .create, KubeProxyConfig(enabled: false), nil))
    for number in 21...40 {
      let isBack = number % 5 == 0
      entries.append(
        entry(
          number, time("2026-10-01T12:00:00Z").adding(seconds: (number - 21) * (number - 21) * 9000),
          isBack ? .rollback : .update, configs[number % 3], verdicts[number % 6], restores: isBack ? number - 3 : nil))
    }
    return History(subject: "prod-rg/web", entries: entries, until: time("2026-11-23T09:30:00Z"))
  }()

  /// One revision.
  static let shortHistory = History(
    subject: "prod-rg/new",
    entries: [
      entry(1, time("2026-11-23T09:00:00Z"), .create, KubeProxyConfig(mode: .nftables), .info, message: "first")
    ],
    until: time("2026-11-23T09:30:00Z"))

  static let hostileHistory = History(
    subject: hostile.subject,
    entries: [
      entry(1, time("2026-11-23T09:00:00Z"), .create, .empty, .high, message: hostile.summary),
      // The clock was set back, so that the second revision has an earlier time.
      entry(2, time("2020-01-01T00:00:00Z"), .update, KubeProxyConfig(mode: .ipvs), nil, message: hostile.notes[1]),
    ], until: time("2026-11-23T09:30:00Z"))
}
