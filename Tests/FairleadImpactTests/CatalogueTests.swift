// The catalogue of rules: its order, and the properties that its rules declare.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("Catalogue")
struct CatalogueTests {
  @Test("The rules are in the catalogue's order, each once")
  func order() {
    #expect(
      Catalogue.ids == [
        "VAL-03", "ENV-01", "ENV-02", "ENV-03", "ENV-04", "ENV-05", "LIFE-01", "LIFE-02", "POL-01", "POL-02", "POL-03",
        "POL-04", "MODE-01", "MODE-02", "MODE-03", "MODE-04", "MODE-05", "MODE-06", "MODE-07", "MODE-08", "MODE-09",
        "NP-01", "NP-02", "NP-03", "NET-01", "NET-02", "NET-03", "NET-04", "NET-05", "TMO-01", "TMO-02", "TMO-03",
        "TMO-04", "TMO-05", "TMO-06", "TMO-07", "SCH-01", "SCH-02", "SCH-03", "SCH-04", "RST-01", "RST-02", "RST-03",
        "ENB-01", "ENB-02", "ENB-03", "ENB-04", "PERF-01",
      ])
  }

  @Test(
    "The entries are the engine's rules, the validations of documents, and the findings that are made without the engine"
  )
  func entries() {
    let ids = Catalogue.entries.map { $0.id }
    #expect(Set(ids).count == ids.count)
    #expect(
      ids.filter { !Catalogue.ids.contains($0) } == ["VAL-01", "VAL-02", "VAL-04", "TMO-08", "NOOP-01", "GATE-01"])
    #expect(ids.prefix(4) == ["VAL-01", "VAL-02", "VAL-03", "VAL-04"])
    #expect(Catalogue.entries.allSatisfy { !$0.title.isEmpty && !$0.source.isEmpty })
  }

  @Test("Four rules may be overridden, and no other")
  func overridable() {
    #expect(Set(Catalogue.overridable) == ["ENV-01", "ENV-05", "POL-01", "LIFE-01"])
  }

  @Test("State rules judge the new configuration, and the others the transition")
  func kinds() {
    let state = Catalogue.rules.filter { $0.kind == .state }.map { $0.id }
    #expect(
      state == [
        "VAL-03", "ENV-01", "ENV-02", "ENV-03", "ENV-04", "ENV-05", "LIFE-01", "LIFE-02", "POL-01", "POL-04", "ENB-04",
        "PERF-01",
      ])
  }

  @Test("Four rules are caveats of a rollback")
  func leavesBehind() {
    #expect(Catalogue.rules.filter { $0.leavesBehind }.map { $0.id } == ["MODE-02", "MODE-03", "TMO-04", "ENB-01"])
  }

  @Test("A rule folds only rules of the catalogue, and never itself through others")
  func folds() {
    let folds = Dictionary(uniqueKeysWithValues: Catalogue.rules.map { ($0.id, $0.folds.map { $0.id }) })
    for (id, weaker) in folds {
      #expect(weaker.allSatisfy { Catalogue.ids.contains($0) && $0 != id })
      var seen: Set<String> = []
      var open = weaker
      while let next = open.popLast() {
        if seen.insert(next).inserted { open += folds[next] ?? [] }
      }
      #expect(!seen.contains(id))
    }
  }
}
