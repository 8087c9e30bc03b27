// `fairlead explain`: the catalogue's documentation in the command.

internal import ArgumentParser
internal import ExactJSON
internal import Testing

@testable internal import FairleadCLI

@Suite("Explaining a rule")
struct ExplainTests {
  private func explain(_ arguments: String...) throws -> Outcome {
    try fairlead(["explain"] + arguments)
  }

  @Test("a rule is printed with its severity, when it fires, the remedy and its source, without a daemon")
  func rule() throws {
    let outcome = try explain("MODE-03")
    #expect(outcome.status == .done)
    #expect(outcome.out.hasPrefix("MODE-03  The old IPVS state stays on the nodes\n\n"))
    for name in ["when:", "severity:", "remedy:", "source:", "judges:"] {
      #expect(outcome.out.contains("\n\(name)"), "\(name)")
    }
    #expect(!outcome.out.contains("**"))
  }

  @Test("every section of docs/rules.md is parsed completely", arguments: RuleBook.sections)
  func sections(section: RuleSection) {
    #expect(!section.paragraphs.isEmpty)
    #expect(section.items.map(\.name).prefix(4) == ["When", "Severity", "Remedy", "Source"])
    for line in ExplainCommand.text(section, Layout(width: 80)).split(separator: "\n") {
      #expect(line.count <= 80 || !line.contains(" "), "\(line)")
    }
  }

  @Test("an id may be written in lower case and without its dash", arguments: ["mode-03", "MODE03", "mode03"])
  func spelling(id: String) throws { #expect(try explain(id).out.hasPrefix("MODE-03  ")) }

  @Test("an unknown rule is a usage error that names the nearest")
  func unknown() throws {
    let outcome = try explain("MODE-033")
    #expect(outcome.status == .usage)
    #expect(outcome.err.contains("there is no such rule") && outcome.err.contains("Did you mean 'MODE-03'?"))
    #expect(outcome.out.isEmpty)
  }

  @Test("without a rule all are listed")
  func list() throws {
    let outcome = try explain("-o", "tsv")
    #expect(outcome.out.split(separator: "\n").count == RuleBook.ids.count)
  }

  @Test("JSON has the same parts as members")
  func json() throws {
    let outcome = try explain("LIFE-01", "-o", "json")
    let value = try JSON(parsing: outcome.out)
    #expect(value["rule"] == "LIFE-01")
    #expect(value["override"]?.stringValue?.contains("--override LIFE-01") == true)
    #expect(value["speaksFor"]?.stringValue?.contains("ENV-05") == true)
  }

  @Test("shell completion offers all ids, and for --override those of rules that can be overridden")
  func completion() {
    #expect(RuleBook.overridable == ["ENV-01", "ENV-05", "LIFE-01", "POL-01"])
    let script = Fairlead.completionScript(for: .bash)
    #expect(script.contains("explain"))
  }
}
