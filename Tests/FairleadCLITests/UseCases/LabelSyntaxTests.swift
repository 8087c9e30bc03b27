// The syntax of labels on the command line.

internal import ExactJSON
internal import Testing

@testable internal import FairleadCLI

@Suite("Labels")
struct LabelSyntaxTests {
  @Test("labels are set with k=v, emptied with k=, and removed with k-")
  func labels() throws {
    #expect(
      JSON.object(try LabelSyntax.patch(["a=1", "b=", "c-", "d=x=y", "e-=1", "a=2"])).text
        == #"{"a":"2","b":"","c":null,"d":"x=y","e-":"1"}"#)
    for word in ["a", "=1", "-", ""] { #expect(throws: Failure.self) { try LabelSyntax.patch([word]) } }
  }

  @Test("the first '=' ends the key, also where a mark follows it")
  func marks() throws {
    #expect(JSON.object(try LabelSyntax.patch(["a=\u{301}x"])) == ["a": "\u{301}x"])
  }

  @Test("a list selects by k=v only")
  func selection() throws {
    #expect(JSON.object(try LabelSyntax.selection(["a=1"])).text == #"{"a":"1"}"#)
    #expect(throws: Failure.usage("cannot take 'a-' for --label: it is key=value")) {
      try LabelSyntax.selection(["a-"])
    }
  }
}
