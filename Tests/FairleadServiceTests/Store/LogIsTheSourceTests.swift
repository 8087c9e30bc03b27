// The log is the source: from its records alone, every other table is rebuilt to the same content.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadStore
import FairleadWire
import Testing

@Suite("The log is the source")
struct LogIsTheSourceTests {
  @Test(
    "A random history of every resource is rebuilt from its records, row by row", arguments: [1, 20_261_122, 7_777_777])
  func rebuild(seed: UInt64) throws {
    let bench = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(1400, on: bench)
    print("seed \(seed): \(bench.head) changes, refused \(history.refused.sorted { $0.key < $1.key })")
    #expect(bench.head > 200)
    let ends = "SELECT count(*) FROM audit_log WHERE method = 'cluster."
    #expect(Int(try bench.sql(ends + "revert'")[0]) ?? 0 > 3)
    #expect(Int(try bench.sql(ends + "confirm'")[0]) ?? 0 > 0)
    #expect(
      Set(history.refused.keys).isSuperset(of: [
        "already-exists", "blocked", "conflict", "invalid-params", "not-found", "prerequisite",
      ]))

    let copy = try RegistryFixture()
    try copy.ledger.write { writer in
      for seq in 1...bench.head {
        let change = try bench.registry.change(seq: seq)
        try writer.append(change, report: change.report.text)
      }
    }
    let (original, rebuilt) = (try bench.tables(), try copy.tables())
    #expect(original.count == rebuilt.count)
    for (row, other) in zip(original, rebuilt) where row != other { Issue.record("\(row)\n\(other)") }

    // And the rebuilt ledger goes on like the first.
    try bench.reopen()
    try copy.reopen()
    copy.clock.advance(to: bench.clock)
    let next = #"{"labels":{"after":"rebuild"}}"#
    #expect(
      try bench.call("cluster.create", "next/one", next).text == copy.call("cluster.create", "next/one", next).text)
    #expect(try bench.settle(after: 100_000) == copy.settle(after: 100_000))
    #expect(try bench.takeBack() == copy.takeBack())
    #expect(try bench.tables() == copy.tables())
  }

  @Test("Each record is written again byte for byte as it was read", arguments: [3, 20_261_123])
  func roundTrip(seed: UInt64) throws {
    let bench = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(250, on: bench)
    let records = try bench.sql("SELECT record FROM change ORDER BY seq")
    for (index, record) in records.enumerated() {
      #expect(try bench.registry.change(seq: index + 1).ledgerJSON.text == record)
    }
    #expect(records.count == (bench.head))
  }

  @Test("Numbers are dense, times never decrease, and the projections stand at the log", arguments: [5, 20_261_124])
  func invariants(seed: UInt64) throws {
    let bench = try RegistryFixture()
    var history = RandomHistory(seed: seed)
    try history.run(300, on: bench)
    func none(_ query: String) throws { #expect(try bench.sql(query).isEmpty, "\(query)") }
    #expect(try bench.sql("SELECT count(*) = max(seq) FROM change") == ["1"])
    try none("SELECT cluster_key FROM revision GROUP BY 1 HAVING count(*) <> max(revision)")
    try none("SELECT seq FROM (SELECT seq, at, lag(at) OVER (ORDER BY seq) AS before FROM change) WHERE at < before")
    try none("SELECT seq FROM change WHERE at <> json_extract(record, '$.at') OR seq <> json_extract(record, '$.seq')")
    try none(
      "SELECT 1 FROM cluster c WHERE revision <> (SELECT max(revision) FROM revision r WHERE r.cluster_key = c.cluster_key)"
    )
    try none(
      "SELECT 1 FROM cluster c WHERE updated_seq <> (SELECT max(seq) FROM change WHERE cluster_key = c.cluster_key)")
    try none("SELECT 1 FROM cluster JOIN revision USING (cluster_key, revision) WHERE deleted <> (origin = 'delete')")
    try none(
      "SELECT 1 FROM cluster JOIN revision r USING (cluster_key, revision) WHERE NOT deleted AND cluster.config <> r.config"
    )
    try none("SELECT 1 FROM cluster WHERE confirm_seq IS NOT NULL AND (deleted OR confirm_revision <> revision)")
    try none("SELECT 1 FROM feature WHERE propagated AND registered_seq IS NULL")
    try none("PRAGMA foreign_key_check")
    #expect(try bench.sql("PRAGMA integrity_check") == ["ok"])
  }
}

/// Requests of every sort in a random order, the same for the same seed: sensible ones, and ones that are refused.
struct RandomHistory {
  private var generator: SplitMix
  /// How many requests were refused, by the reason.
  private(set) var refused: [String: Int] = [:]

  init(seed: UInt64) { generator = SplitMix(state: seed) }

  mutating func run(_ count: Int, on bench: RegistryFixture) throws {
    for subscription in ["", "blue/"] {
      try bench.call("feature.register", subscription + RegistryFixture.feature)
      try bench.call("provider.register", subscription + RegistryFixture.provider)
    }
    for number in 0..<count {
      bench.clock.advance(pick([0, 0, 1, 7, 40, -20]))
      switch pick(100) {
      case 0: try bench.reopen(settle: pick([0, 0, 30]))
      case 1...4: try bench.settle()
      case 5...12: try bench.takeBack()
      case 13: bench.clock.reboot("boot-\(number)", after: pick([1, 60]))
      default:
        let (method, subject, params) = request(number)
        do {
          let answer = try bench.call(method, subject, params, as: pick([.alice, .bob]))
          if answer.at("cluster.pendingConfirm") != nil, pick(3) == 0 { try bench.call("cluster.confirm", subject) }
        } catch let refusal as Refusal {
          if case .internalError = refusal.reason { throw refusal }
          refused[refusal.wireJSON.kind ?? "", default: 0] += 1
        }
      }
    }
  }

  private mutating func request(_ number: Int) -> (String, String, String) {
    switch pick(22) {
    case 20, 21:
      (
        "cluster.apply", "",
        object([
          #""changes":[\#((0...pick(3)).map { _ in change() }.joined(separator: ","))]"#, maybe(#""atomic":false"#),
          maybe(#""message":"many""#), pick(4) == 0 ? #""requestId":"r-\#(number - pick([0, 0, 1]))""# : nil,
        ])
      )
    case 0...2: ("cluster.create", cluster(), object([maybe(config()), maybe(facts()), labels()] + manner(number)))
    case 3...9:
      ("cluster.update", cluster(), object([maybe(config()), maybe(facts()), labels(), within()] + manner(number)))
    case 10, 11: ("cluster.confirm", cluster(), object(manner(number)))
    case 12, 13:
      ("cluster.rollback", cluster(), object([maybe(#""toRevision":\#(pick(6) + 1)"#), within()] + manner(number)))
    case 14: ("cluster.delete", cluster(), object(manner(number)))
    case 15:
      (
        pick(["feature.register", "feature.register", "feature.register", "feature.unregister"]), feature(),
        object(manner(number))
      )
    case 16, 17:
      (
        pick(["provider.register", "provider.register", "provider.register", "provider.unregister"]), provider(),
        object(manner(number))
      )
    default:
      (
        "extension.set", pick(["aks-preview", "AKS-Preview", "other_one"]),
        object([maybe(pick([#""version":"1.0""#, #""version":"2.0b3""#]))] + manner(number))
      )
    }
  }

  /// One change of an apply.
  private mutating func change() -> String {
    let (method, more): (String, [String?]) =
      switch pick(6) {
      case 0: ("create", [maybe(config()), labels()])
      case 1: ("delete", [])
      case 2: ("rollback", [])
      default: ("update", [maybe(config()), maybe(facts())])
      }
    let names = pick([("rg", "web"), ("RG", "api"), ("Rg", "job"), ("rg", "Cron")])
    let params = object([#""resourceGroup":"\#(names.0)","name":"\#(names.1)""#] + more)
    return #"{"method":"cluster.\#(method)","params":\#(params)}"#
  }

  private mutating func cluster() -> String {
    pick(["rg/web", "RG/web", "rg/api", "Rg/job", "Default/rg/web", "blue/rg/web", "Blue/RG/Web"])
  }

  private mutating func provider() -> String {
    pick([
      RegistryFixture.provider, RegistryFixture.provider, "microsoft.containerservice", "Microsoft.Compute",
      "blue/\(RegistryFixture.provider)",
    ])
  }

  private mutating func feature() -> String {
    pick([
      RegistryFixture.feature, RegistryFixture.feature.lowercased(), "\(RegistryFixture.provider)/Other",
      "DEFAULT/Microsoft.Compute/Fast",
      "blue/\(RegistryFixture.feature)",
    ])
  }

  private mutating func config() -> String {
    let ipvs = pick([
      #"{}"#, #"{"scheduler":"LeastConnection"}"#, #"{"TCPTimeoutSeconds":900,"udpTimeoutSeconds":30}"#,
      #"{"scheduler":"RoundRobin","tcpFinTimeoutSeconds":2147483647}"#,
    ])
    return #""config":"#
      + pick([
        "{}", #"{"enabled":true}"#, #"{"mode":"IPTABLES"}"#, #"{"mode":"NFTABLES"}"#, #"{"mode":"IPVS"}"#,
        #"{"mode":"IPVS","ipvsConfig":\#(ipvs)}"#, #"{"mode":"IPVS","ipvsConfig":\#(ipvs),"enabled":true}"#,
        #"{"enabled":false}"#, #"{"enabled":false,"mode":"NFTABLES"}"#, #"{"mode":"ipvs"}"#,
      ])
  }

  private mutating func facts() -> String {
    let facts = [
      #""kubernetesVersion":\#(pick([#""1.21""#, #""1.33""#, #""1.33.0""#, #""1.36.2""#, #""1.41""#, "null"]))"#,
      #""networkPolicy":\#(pick([#""azure""#, #""calico""#, "null"]))"#,
      #""networkPlugin":\#(pick([#""azure""#, #""none""#, "null"]))"#,
      #""nodeCount":\#(pick(["0", "3", "5000", "null"]))"#,
      #""podsPerService":7,"connectionsPerService":30"#, #""usesNodePorts":\#(pick(["true", "false", "null"]))"#,
      #""minKernelVersion":\#(pick([#""5.4""#, #""6.1""#, "null"]))"#,
    ]
    return #""facts":{"# + facts.filter { _ in pick(3) == 0 }.joined(separator: ",") + "}"
  }

  private mutating func labels() -> String? {
    maybe(
      #""labels":{"tier":\#(pick([#""front""#, #""Zürich \\ \" 🙂""#, #""""#, "null"])),"a/b.c":\#(pick([#""1""#, "null"]))}"#
    )
  }

  private mutating func within() -> String? {
    pick(4) == 0 ? #""confirmWithinSeconds":\#(pick([1, 20, 60]))"# : nil
  }

  private mutating func manner(_ number: Int) -> [String?] {
    [
      maybe(#""message":\#(pick([#""why""#, #""line\nline\t\u0000 ü""#, "null"]))"#),
      pick(4) == 0 ? #""requestId":"r-\#(number - pick([0, 0, 0, 1, 2]))""# : nil,
      pick(25) == 0 ? #""override":["\#(pick(["POL-01", "LIFE-01", "ENV-01"]))"]"# : nil,
      pick(25) == 0 ? #""ifSeq":\#(pick(30))"# : nil, pick(15) == 0 ? #""dryRun":true"# : nil,
    ]
  }

  private func object(_ members: [String?]) -> String { "{\(members.compactMap { $0 }.joined(separator: ","))}" }
  private mutating func maybe(_ member: String) -> String? { pick(2) == 0 ? member : nil }
  private mutating func pick(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }
  private mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[pick(choices.count)] }
}

/// A small generator whose sequence is the same everywhere. Source: Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", 2014.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
