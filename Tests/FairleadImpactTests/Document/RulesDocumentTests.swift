// Checks that the documentation of the rules is complete, and that docs/rules.md is generated from it.

import FairleadImpact
import Foundation
import Testing

@Suite("The documentation of the rules")
struct RulesDocumentTests {
  // A closure: the compiler crashes on a key path to a static member here.
  static let ids = Catalogue.entries.map { $0.id }

  @Test("docs/rules.md is generated from the rules' doc comments")
  func page() throws {
    let text = try RulesDocument.text()
    // FAIRLEAD_RECORD=1 writes the page again; read the difference before you commit it.
    if ProcessInfo.processInfo.environment["FAIRLEAD_RECORD"] == "1" {
      try text.write(to: RulesDocument.path, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: RulesDocument.path, encoding: .utf8) == text)
  }

  @Test("Every rule says what happens, when, how bad it is, and what to do", arguments: ids)
  func complete(id: String) throws {
    let entry = try #require(Catalogue.entries.first { $0.id == id })
    let comment = try #require(try RulesDocument.comment(of: entry), "\(id) has no doc comment")
    #expect(!comment.paragraphs.isEmpty)
    for item in RuleComment.items { #expect(comment.items[item]?.isEmpty == false, "\(id) has no '\(item)'") }
    #expect(comment.items.count == RuleComment.items.count)
    #expect(!entry.title.isEmpty && !entry.source.isEmpty)
    #expect(comment.items["Severity"]?.hasSuffix(".") == true && comment.items["Remedy"]?.hasSuffix(".") == true)
  }

  @Test("The catalogue has every rule of the engine, each once")
  func entries() {
    let ids = Self.ids
    #expect(Set(ids).count == ids.count)
    #expect(Set(Catalogue.ids).isSubset(of: Set(ids)))
  }
}
