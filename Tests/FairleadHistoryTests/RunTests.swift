// The daemon under random clients and kills: what they saw has one explanation, the log.

import FairleadHistory
import FairleadJSON
import FairleadTesting
import Testing

@Suite("Histories of the daemon", .timeLimit(.minutes(5)))
struct RunTests {
  @Test("random clients and three kills leave a history that the log explains")
  func kills() throws {
    let outcome = try Stage().perform(RunPlan(seed: RunPlan.anySeed, clients: 8, steps: 60, kills: 3))
    let count = outcome.violations.count
    #expect(count == 0, "\(outcome.report)")
    print(outcome.summary)
    print(
      Dictionary(
        grouping: outcome.history.operations,
        by: { o -> String in
          guard let a = o.answer else { return "\(o.method) unknown" }
          switch a.outcome {
          case .refused(let d): return "\(o.method) \(d["kind"]?.stringValue ?? "")";
          case .result: return "\(o.method) ok"
          }
        }
      ).mapValues(\.count).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "\n"))
  }
}
