// A random history of requests, the same for the same seed.

import DaemonTestSupport
import ExactJSON
import FairleadModel
import FairleadWire

/// Requests of every kind in a random order, the same for the same seed: valid ones, and ones that are refused.
struct RandomHistory {
  private var generator: SplitMix
  /// How many requests were refused, by the reason.
  private(set) var refused: [String: Int] = [:]

  init(seed: UInt64) { generator = SplitMix(seed: seed) }

  mutating func run(_ count: Int, on fixture: RegistryFixture) throws {
    for subscription in ["", "blue/"] {
      try fixture.call("feature.register", subscription + RegistryFixture.feature)
      try fixture.call("provider.register", subscription + RegistryFixture.provider)
    }
    for number in 0..<count {
      fixture.clock.advance(pick([0, 0, 1, 7, 40, -20]))
      switch pick(100) {
      case 0: try fixture.reopen(settle: pick([0, 0, 30]))
      case 1...4: try fixture.settle()
      case 5...12: try fixture.revertDue()
      case 13: fixture.clock.reboot("boot-\(number)", after: pick([1, 60]))
      default:
        let (method, subject, params) = request(number)
        do {
          let answer = try fixture.call(method, subject, params, as: pick([.alice, .bob]))
          if answer.at("cluster.pendingConfirm") != nil, pick(3) == 0 { try fixture.call("cluster.confirm", subject) }
        } catch let refusal as Refusal {
          if refusal.code == .internal { throw refusal }
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
    case 0...2: ("cluster.create", cluster(), object([maybe(config()), maybe(facts()), labels()] + options(number)))
    case 3...9:
      ("cluster.update", cluster(), object([maybe(config()), maybe(facts()), labels(), within()] + options(number)))
    case 10, 11: ("cluster.confirm", cluster(), object(options(number)))
    case 12, 13:
      ("cluster.rollback", cluster(), object([maybe(#""toRevision":\#(pick(6) + 1)"#), within()] + options(number)))
    case 14: ("cluster.delete", cluster(), object(options(number)))
    case 15:
      (
        pick(["feature.register", "feature.register", "feature.register", "feature.unregister"]), feature(),
        object(options(number))
      )
    case 16, 17:
      (
        pick(["provider.register", "provider.register", "provider.register", "provider.unregister"]), provider(),
        object(options(number))
      )
    default:
      (
        "extension.set", pick(["aks-preview", "AKS-Preview", "other_one"]),
        object([maybe(pick([#""version":"1.0""#, #""version":"2.0b3""#]))] + options(number))
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

  private mutating func options(_ number: Int) -> [String?] {
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
