// The exit code for each kind of error.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("Exit codes")
struct CommandStatusTests {
  @Test("each kind of error has the exit code that the documentation gives it", arguments: ErrorCode.allCases)
  func kinds(code: ErrorCode) {
    let expected: Int32 =
      switch code {
      case .parseError, .invalidRequest, .unknownMethod, .invalidParams, .tooLarge: 64
      case .notFound: 3
      case .blocked, .prerequisite: 4
      case .conflict, .planStale, .alreadyExists, .requestIDReused: 5
      case .internal, .denied, .busy, .unavailable: 1
      }
    #expect(CommandStatus(code).rawValue == expected)
  }

  @Test("an unknown kind of a newer daemon has the general failure code, whatever its text says")
  func unknownKind() {
    let failure = refusal("quota", "cannot do this: not found, conflict, blocked")
    #expect(failure.status == .failed)
    #expect(failure.cause?.kind == nil)
  }

  @Test("the refusal of a stale plan lists the changes since the plan")
  func overtaken() {
    let change: JSON = [
      "seq": 7, "actor": ["name": "bob"], "summary": "update prod/web: nodeCount 12 -> 24", "message": "scale out",
    ]
    let failure = refusal("plan-stale", "cannot commit this plan", ["moved": ["cluster"], "changes": [change]])
    #expect(
      FailureText.render(failure, Layout()) == """
        fairlead: cannot commit this plan
          Change 7 by bob: update prod/web: nodeCount 12 -> 24 (scale out)
          Make the plan again and look at it before it is recorded.

        """)
  }

  @Test("the refusal of a stale plan names the parts that changed")
  func staleness() {
    let failure = refusal("plan-stale", "cannot record this plan", ["moved": ["cluster", "rules"]])
    #expect(
      FailureText.render(failure, Layout()) == """
        fairlead: cannot record this plan
          What moved: cluster, rules.
          Make the plan again and look at it before it is recorded.

        """)
  }

  @Test("only the refusal of a document names the file")
  func documents() {
    let document = refusal("invalid-params", "cannot take 'X' for config.mode", ["path": "config.mode"])
    #expect(document.naming(document: "'kp.json'").message == "cannot take 'X' for config.mode (in 'kp.json')")
    let fact = refusal("invalid-params", "cannot take -1 for facts.nodeCount", ["path": "facts.nodeCount"])
    #expect(fact.naming(document: "'kp.json'").message == "cannot take -1 for facts.nodeCount")
  }

  @Test("an escape sequence in an error is printed as visible characters")
  func controlCharacters() {
    let failure = refusal("internal", "cannot \u{1B}[31m")
    #expect(FailureText.render(failure, Layout()) == "fairlead: cannot \\x1b[31m\n")
  }
}
