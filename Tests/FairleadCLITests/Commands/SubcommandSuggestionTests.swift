// The subcommand that is suggested for a misspelt one.

internal import Testing

@testable internal import FairleadCLI

@Suite("Suggestions")
struct SubcommandSuggestionTests {
  @Test(
    "a misspelt command gets a suggestion",
    arguments: [
      (["shwo"], "fairlead show"), (["plan", "updte"], "fairlead plan update"),
      (["-o", "json", "fetaure", "show"], "fairlead feature"), (["what-if", "deleet"], "fairlead plan delete"),
    ])
  func suggestions(words: [String], guess: String) {
    let suggestion = SubcommandSuggestion.nearest(to: words, in: Fairlead.self)
    #expect(suggestion == guess || suggestion == guess.replacingPlan)
  }

  @Test(
    "a correct command, and one without a near name, get no suggestion",
    arguments: [["show"], ["plan"], ["help", "shwo"], ["zzzzzz"]])
  func noSuggestion(words: [String]) { #expect(SubcommandSuggestion.nearest(to: words, in: Fairlead.self) == nil) }
}

extension String {
  /// The suggestion for a command that was named by its alias.
  fileprivate var replacingPlan: String {
    split(separator: " ").map { $0 == "plan" ? "what-if" : $0 }.joined(separator: " ")
  }
}
