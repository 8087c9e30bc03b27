// A log that ends before what was recorded: whoever reads or plans is told so, and nobody waits for what never comes.

import DaemonTestSupport
import FairleadModel
import FairleadService
import FairleadStore
import LedgerTestSupport
import Testing

@Suite("A log that another program has cut")
struct ShorterLogTests {
  @Test("refuses plans, and takes no change", .timeLimit(.minutes(10)))
  func cut() throws {
    let fixture = try RegistryFixture.ready()
    try fixture.call("cluster.create", "rg/a", #"{"config":{"mode":"IPTABLES"},"facts":{"kubernetesVersion":"1.34"}}"#)
    for mode in ["NFTABLES", "IPVS"] { try fixture.call("cluster.update", "rg/a", #"{"config":{"mode":"\#(mode)"}}"#) }
    let last = fixture.registry.lastSeq
    try execute(
      fixture.path,
      "DROP TRIGGER change_is_never_removed; DROP TRIGGER revision_is_never_removed; DELETE FROM revision WHERE seq = \(last); "
        + "DELETE FROM change WHERE seq = \(last)", inTransaction: false)
    let mode = #"{"config":{"mode":"NFTABLES"},"dryRun":true}"#
    let plan = try #require(
      throws: Refusal.self, performing: { _ = try ask(fixture.registry, "cluster.update", "rg/a", mode) })
    #expect(plan.message.contains("change \(last): it was recorded, and the log ends with change \(last - 1) now"))
    #expect(fixture.log.takeLines().contains { $0.contains("no changes are taken (corrupt)") })
    #expect(fixture.registry.health.reasons.map(\.code).first == .corrupt)
    let fleet =
      #"{"changes":[{"method":"cluster.update","params":{"resourceGroup":"rg","name":"a","config":{"mode":"IPVS"}}}],"dryRun":true}"#
    let apply = try #require(
      throws: Refusal.self, performing: { _ = try ask(fixture.registry, "cluster.apply", nil, fleet) })
    #expect(apply.message.contains("the log ends with change \(last - 1) now"))
    // Each refusal names the incident that the log has.
    #expect(fixture.log.takeLines().count == 1)
    let change = try fixture.refuse("cluster.update", "rg/a", #"{"config":{"mode":"NFTABLES"}}"#)
    #expect(change.kind == "unavailable")
  }
}
