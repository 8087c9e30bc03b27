// What the plan of a registration step reads: the subscription's clusters only where the step moves their gate.

import FairleadImpact
import FairleadModel
import FairleadStore
import Testing

@testable import FairleadService

@Suite("The cost of a registration step")
struct StepCostTests {
  /// Counts the reads of the file.
  private final class CountedReads: LedgerReading {
    private let reader: LedgerReader
    private(set) var count = 0

    init(_ reader: LedgerReader) { self.reader = reader }

    func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerReader) throws -> Value) throws -> Value {
      count += 1
      return try body(reader)
    }
  }

  private static let gate = FeatureKey.kubeProxyPreview(in: defaultSubscription)
  private static let service = ProviderKey.containerService(in: defaultSubscription)
  private static let other = FeatureKey(provider: service, name: "Other")
  private static let compute = ProviderKey(subscription: defaultSubscription, namespace: "Microsoft.Compute")

  /// An open gate and two clusters.
  private let fixture: RegistryFixture

  init() throws {
    fixture = try .ready()
    for name in ["a", "b"] { try fixture.call("cluster.create", "rg/\(name)") }
  }

  /// How often the plan of a request reads the file, and how many clusters it affects.
  private func plan(_ request: ChangeRequest) throws -> (reads: Int, affected: Int) {
    try fixture.ledger.read { reader in
      let clock = fixture.clock
      let planning = PlanningService(
        engine: Engine(), settleSeconds: 60, clocks: ClockSource(wall: { clock.now }, boot: { clock.boot }))
      let reads = CountedReads(reader)
      let view = ReadView(state: try reader.currentState(chunk: .max).state, history: reads)
      let options = ChangeOptions()
      let stamp = planning.stamp(options, by: .alice, on: view)
      let plan = try planning.plan(request, options, stamp, on: view).plan
      return (reads.count, plan.report.affected.clusters)
    }
  }

  @Test(
    "A step that moves no gate reads nothing of the file",
    arguments: [
      ChangeRequest.registerFeature(gate), .registerFeature(other), .unregisterFeature(other),
      .registerProvider(service),
      .registerProvider(compute), .unregisterProvider(compute),
      .registerFeature(FeatureKey(provider: compute, name: "Fast")),
      .unregisterFeature(.kubeProxyPreview(in: "another")),
    ])
  func none(request: ChangeRequest) throws { #expect(try plan(request) == (0, 0)) }

  @Test("A step that closes the gate reads the clusters once", arguments: [true, false])
  func closes(isFeature: Bool) throws {
    #expect(try plan(isFeature ? .unregisterFeature(Self.gate) : .unregisterProvider(Self.service)) == (1, 2))
  }

  @Test("A step that opens the gate reads the clusters once")
  func opens() throws {
    try fixture.call("feature.unregister", RegistryFixture.feature)
    #expect(try plan(.registerFeature(Self.gate)) == (0, 0))
    try fixture.call("feature.register", RegistryFixture.feature)
    #expect(try plan(.registerProvider(Self.service)) == (1, 2))
  }
}
