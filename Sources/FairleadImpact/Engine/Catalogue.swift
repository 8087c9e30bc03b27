// Everything that Fairlead judges by, in the catalogue's order.

internal import FairleadModel

package enum Catalogue {
  /// Every entry in the catalogue's order, which decides between findings of one severity.
  ///
  /// The engine asks those that are rules. VAL-01, VAL-02 and VAL-04 refuse a document before there is a change to
  /// judge, TMO-08 cannot occur, NOOP-01 speaks where no rule may, and GATE-01 judges registrations.
  package static let entries: [any CatalogueEntry.Type] = [
    VAL01.self,
    VAL02.self,
    VAL03.self,
    VAL04.self,
    ENV01.self,
    ENV02.self,
    ENV03.self,
    ENV04.self,
    ENV05.self,
    LIFE01.self,
    LIFE02.self,
    POL01.self,
    POL02.self,
    POL03.self,
    POL04.self,
    MODE01.self,
    MODE02.self,
    MODE03.self,
    MODE04.self,
    MODE05.self,
    MODE06.self,
    MODE07.self,
    MODE08.self,
    MODE09.self,
    NP01.self,
    NP02.self,
    NP03.self,
    NET01.self,
    NET02.self,
    NET03.self,
    NET04.self,
    NET05.self,
    TMO01.self,
    TMO02.self,
    TMO03.self,
    TMO04.self,
    TMO05.self,
    TMO06.self,
    TMO07.self,
    TMO08.self,
    SCH01.self,
    SCH02.self,
    SCH03.self,
    SCH04.self,
    RST01.self,
    RST02.self,
    RST03.self,
    ENB01.self,
    ENB02.self,
    ENB03.self,
    ENB04.self,
    PERF01.self,
    NOOP01.self,
    GATE01.self,
  ]

  /// The rules that the engine asks.
  package static let rules: [any Rule.Type] = entries.compactMap { $0 as? any Rule.Type }

  /// Grows with every change of what any rule says, so that a plan made under other rules is known to be stale.
  package static let version = "2026-11-23.1"

  package static let overridable: [String] = rules.filter { $0.isOverridable }.map { $0.id }
  package static let ids: [String] = rules.map { $0.id }
}
