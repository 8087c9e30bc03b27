// The rules that the engine asks, in the catalogue's order.

internal import FairleadModel

package enum Catalogue {
  /// Every rule but the validations VAL-01, VAL-02 and VAL-04, which refuse a document before there is a change to
  /// judge (`FairleadModel/Configuration/KubeProxyDocument.swift`), TMO-08, which cannot occur, and NOOP-01, which
  /// speaks when no rule may.
  package static let rules: [any Rule.Type] = [
    VAL03.self,
    ENV01.self,
    ENV02.self,
    ENV05.self,
    LIFE01.self,
    POL01.self,
    POL04.self,
    MODE01.self,
    MODE02.self,
    MODE03.self,
    MODE04.self,
    MODE05.self,
    MODE06.self,
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
    SCH01.self,
    SCH02.self,
    SCH03.self,
    SCH04.self,
    RST01.self,
    RST02.self,
    RST03.self,
    ENB01.self,
    ENB02.self,
    ENB04.self,
    PERF01.self,
  ]

  /// Grows with every change of what any rule says, so that a plan made under other rules is known to be stale.
  package static let version = "2026-11-22.2"

  package static let overridable: [String] = rules.filter { $0.isOverridable }.map { $0.id }
  package static let ids: [String] = rules.map { $0.id }
}
