// The goals, as ratios of figures of the same round.

internal import LoadGenerator

/// Everything that one round measured; the figures of a peer that is not installed are missing.
struct Round {
  var perSecond: [String: [Work: Double]] = [:]
  /// Medians in nanoseconds.
  var median: [String: [Work: Int]] = [:]
  /// Medians of whole processes in microseconds.
  var process: [String: Int] = [:]
  /// Medians in nanoseconds of one fdatasync of a file that grows, and of one that is written over.
  var sync = 0
  var syncInPlace = 0
  /// From a reply to the last watcher's event, medians in nanoseconds, by the number of watchers.
  var watch: [Int: Int] = [:]
}

struct Goal {
  enum Bound {
    case atLeast(Double)
    case atMost(Double)

    func holds(_ value: Double) -> Bool {
      switch self {
      case .atLeast(let bound): value >= bound
      case .atMost(let bound): value <= bound
      }
    }

    var text: String {
      switch self {
      case .atLeast(let bound): "at least \(bound.text(2))"
      case .atMost(let bound): "at most \(bound.text(2))"
      }
    }
  }

  let name: String
  let bound: Bound
  let value: (Round) -> Double?

  /// The row of a table: the median over the rounds, and whether it reaches the goal.
  func row(_ rounds: [Round]) -> String {
    let values = rounds.compactMap(value)
    guard !values.isEmpty else { return "| \(name) | \(bound.text) | - | not measured |" }
    let median = values.median
    return "| \(name) | \(bound.text) | \(median.text(2)) | \(bound.holds(median) ? "reached" : "**missed**") |"
  }

  private static func rate(_ work: Work, over peer: String) -> (Round) -> Double? {
    { round in
      guard let own = round.perSecond["fairleadd"]?[work], let other = round.perSecond[peer]?[work] else { return nil }
      return own / other
    }
  }

  private static func median(_ work: Work, over peer: String) -> (Round) -> Double? {
    { round in
      guard let own = round.median["fairleadd"]?[work], let other = round.median[peer]?[work] else { return nil }
      return Double(own) / Double(other)
    }
  }

  private static func process(over name: String) -> (Round) -> Double? {
    { round in
      guard let own = round.process["fairlead show"], let other = round.process[name] else { return nil }
      return Double(own) / Double(other)
    }
  }

  private static func watch(_ watchers: Int) -> (Round) -> Double? {
    { round in round.watch[watchers].map { Double($0) / 1e6 } }
  }

  static var all: [Goal] {
    [
      Goal(
        name: "update p50, 1 client / ovsdb-server", bound: .atMost(1), value: median(.update1, over: "ovsdb-server")),
      Goal(name: "update p50, 1 client / fdatasync", bound: .atMost(1.3)) { round in
        round.median["fairleadd"]?[.update1].map { Double($0) / Double(max(1, round.sync)) }
      },
      Goal(
        name: "updates/s, 64 clients / ovsdb-server", bound: .atLeast(5), value: rate(.update64, over: "ovsdb-server")),
      Goal(name: "updates/s, 64 clients / etcd", bound: .atLeast(4), value: rate(.update64, over: "etcd")),
      Goal(
        name: "updates/s, 64 clients / redis-server", bound: .atLeast(0.5), value: rate(.update64, over: "redis-server")
      ),
      Goal(
        name: "updates/s, 64 clients / redis-server, then past it", bound: .atLeast(1),
        value: rate(.update64, over: "redis-server")),
      Goal(name: "gets/s, 64 clients / NIO echo", bound: .atLeast(0.8), value: rate(.read64, over: "NIO echo")),
      Goal(name: "gets/s, 64 clients / ovsdb-server", bound: .atLeast(2), value: rate(.read64, over: "ovsdb-server")),
      Goal(
        name: "gets/s, 64 clients / redis-server, then Redis", bound: .atLeast(1),
        value: rate(.read64, over: "redis-server")),
      Goal(name: "get p50, 1 client / NIO echo", bound: .atMost(1.5), value: median(.read1, over: "NIO echo")),
      Goal(name: "reply to event p50 in ms, 1 watcher", bound: .atMost(0.2), value: watch(1)),
      Goal(name: "reply to last event p50 in ms, 100 watchers", bound: .atMost(1), value: watch(100)),
      Goal(name: "fairlead show / sqlite3 --version", bound: .atMost(2), value: process(over: "sqlite3 --version")),
      Goal(name: "fairlead show / redis-cli GET", bound: .atMost(1), value: process(over: "redis-cli GET")),
      Goal(name: "fairlead show / etcdctl get", bound: .atMost(1), value: process(over: "etcdctl get")),
    ]
  }
}
