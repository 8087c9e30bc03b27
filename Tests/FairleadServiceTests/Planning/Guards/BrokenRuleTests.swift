// A rule that throws: the change is refused, since no change is recorded without a complete report.

import FairleadImpact
import FairleadModel
import FairleadService
import FairleadWire
import Testing

@Suite("A rule that fails")
struct BrokenRuleTests {
  struct Nonsense: Error {}

  /// Fails on every change into NFTABLES.
  enum Broken: Rule {
    static let id = "BROKEN-01"
    static let kind = RuleKind.transition
    static let title = "It cannot judge"
    static let source = "this test"

    static func evaluate(_ change: ConfigChange) throws -> Finding? {
      guard change.after.mode == .nftables else { return nil }
      throw Nonsense()
    }
  }

  let fixture: RegistryFixture
  let registry: Registry

  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web")
    let (clock, log) = (fixture.clock, fixture.log)
    registry = try Registry(
      ledger: fixture.ledger, engine: Engine(rules: Catalogue.rules + [Broken.self]), settleSeconds: 0, system: .system,
      now: { clock.now }, bootTime: { clock.boot }, log: { log.log($0) })
  }

  @Test("The change is refused with an incident and not recorded, and the log names the rule and the cluster")
  func refused() throws {
    let tables = try fixture.tables()
    for dryRun in ["", #","dryRun":true"#] {
      do {
        _ = try ask(registry, "cluster.update", "rg/web", #"{"config":{"mode":"NFTABLES"}\#(dryRun)}"#)
        Issue.record("it went through")
      } catch let refusal as Refusal {
        let incident = try #require(refusal.wireJSON.string("data.incident"))
        #expect(refusal.wireJSON.kind == "internal")
        let lines = fixture.log.takeLines()
        #expect(lines.count == 1)
        #expect(
          lines.first?.contains("incident \(incident): rule BROKEN-01 could not judge a change of rg/web") == true)
      }
    }
    #expect(try fixture.tables() == tables)
  }

  @Test("Changes on which the rule does not throw are recorded")
  func others() throws {
    #expect(try ask(registry, "cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#).int("revision") == 2)
  }
}
