// Absurd facts, such as negative or huge numbers: no crash, and reports without nonsense.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("Absurd facts")
struct AbsurdFactsTests {
  static let most = Int(Int32.max)

  static let sets: [Facts] = {
    func counts(_ count: Int) -> Facts {
      Facts(uniqueKeysWithValues: FactKey.allCases.filter { $0.kind == .count }.map { ($0, .count(count)) })
    }
    func versions(_ kubernetes: (Int, Int), _ kernel: (Int, Int)) -> Facts {
      [
        .kubernetesVersion: .version(kubernetes.0, kubernetes.1), .minKernelVersion: .version(kernel.0, kernel.1),
      ]
    }
    return [counts(0), counts(1), counts(most)].flatMap { counts in
      [versions((1, 7), (0, 0)), versions((9, 99), (999_999_999, 0)), [:]].flatMap { versions in
        [true, false].map { answer in
          counts.merging(versions) { $1 }.merging(InvariantTests.uses(answer)) { $1 }
        }
      }
    }
  }()

  @Test("Every change is judged, and no text counts zero, or one thing in the plural", arguments: sets)
  func texts(facts: Facts) {
    for move in InvariantTests.moves {
      let change = change(
        move.before, move.after, facts, lastMode: move.lastMode, kernel: [.tcp: Self.most, .tcpFin: 1, .udp: 1])
      for rule in Catalogue.rules {
        guard let finding = verdict(of: rule, on: change), !change.isCreation || rule.kind == .state else { continue }
        #expect(!finding.detail.contains(" 0 nodes") && !finding.detail.contains(" 0 Services"), "\(finding)")
        #expect(!finding.detail.contains(" 1 nodes") && !finding.detail.contains(" 1 Services"), "\(finding)")
        #expect(!finding.remedy.contains("every 0 s"), "\(finding)")
        for step in rule.steps(for: change) { #expect(step.rules == [rule.id] && !step.text.isEmpty) }
      }
    }
  }
}
