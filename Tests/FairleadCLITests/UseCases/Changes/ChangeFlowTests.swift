// How a change is planned, confirmed by the user, recorded and reported.

internal import ExactJSON
internal import FairleadModel
internal import Testing

@testable internal import FairleadCLI

@Suite("Making a change")
struct ChangeFlowTests {
  private let update = ["update", "-g", "prod", "-n", "web", "-c", "24"]
  private let base = #"{"resourceGroup":"prod","name":"web","facts":{"nodeCount":24}"#

  /// A daemon that plans `report`, and records it as change 17.
  private func daemon(_ report: Report) -> ScriptedDaemon {
    { _, params in .success(Sample.answer(report, seq: params["dryRun"] == true ? nil : 17)) }
  }

  private func harmlessPlan() -> Report {
    var report = Sample.harmless
    report.seq = nil
    report.planDigest = "v1:h"
    return report
  }

  @Test("a disruptive change is planned and shown, and after a yes recorded exactly as shown")
  func accepted() throws {
    let outcome = try fairlead(update, typed: ["y"], answer: daemon(Sample.dangerous))
    #expect(outcome.status == .done)
    #expect(
      outcome.requests == [
        "cluster.update \(base),\"dryRun\":true}", "cluster.update \(base),\"planDigest\":\"v1:aa:bb\"}",
      ])
    let report = ReportText(Layout(isTerminal: true)).body(Sample.dangerous)
    #expect(
      outcome.screen == report + """

        Verdict CRITICAL. Record this change? (y/N): 
        \(ReportText(Layout()).sequel(Sample.recorded))
        Recorded as change 17: prod/web is at revision 4.

        """)
  }

  @Test("any answer but yes records nothing, and ends with 1", arguments: [["n"], [""], ["maybe"], []])
  func declined(typed: [String]) throws {
    let outcome = try fairlead(update, typed: typed, answer: daemon(Sample.dangerous))
    #expect(outcome.status == .failed)
    #expect(outcome.requests.count == 1)
    #expect(outcome.err.hasSuffix("Nothing was recorded.\n"))
  }

  @Test(
    "without a terminal there is no prompt: report and reason go to stderr, nothing is recorded, and the exit code is 1"
  )
  func noTerminal() throws {
    let outcome = try fairlead(update, answer: daemon(Sample.dangerous))
    #expect(outcome.status == .failed)
    #expect(outcome.requests.count == 1)
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("CRITICAL  "))
    #expect(
      outcome.err.hasSuffix(
        "fairlead: cannot ask whether to record this, since there is no terminal: use --yes\n  Nothing was recorded.\n")
    )
  }

  @Test("with stdout in a file the plan is shown on the terminal, and the file gets the whole report")
  func redirected() throws {
    let outcome = try fairlead(update, typed: ["yes"], outIsTerminal: false, answer: daemon(Sample.dangerous))
    #expect(outcome.err.hasPrefix("CRITICAL  "))
    #expect(outcome.out.hasPrefix("CRITICAL  "))
    #expect(outcome.out.hasSuffix("Recorded as change 17: prod/web is at revision 4.\n"))
  }

  @Test("with --yes there is no prompt, and one request")
  func yes() throws {
    for flag in ["--yes", "-y"] {
      let outcome = try fairlead(update + [flag], answer: daemon(Sample.dangerous))
      #expect(outcome.status == .done)
      #expect(outcome.requests == ["cluster.update \(base)}"])
    }
  }

  @Test("below high there is no prompt, and the change is recorded exactly as planned")
  func harmless() throws {
    let outcome = try fairlead(update, answer: daemon(harmlessPlan()))
    #expect(outcome.status == .done)
    #expect(
      outcome.requests == [
        "cluster.update \(base),\"dryRun\":true}", "cluster.update \(base),\"planDigest\":\"v1:h\"}",
      ])
    #expect(
      outcome.out == ReportText(Layout()).render(Sample.harmless)
        + "\nRecorded as change 17: prod/web is at revision 4.\n")
  }

  @Test("with an idempotency key a request below high has no digest, so that a repeated one is equal")
  func repeatable() throws {
    let outcome = try fairlead(update + ["--request-id", "k"], answer: daemon(harmlessPlan()))
    #expect(
      outcome.requests == ["cluster.update \(base),\"dryRun\":true}", "cluster.update \(base),\"requestId\":\"k\"}"])
  }

  @Test(
    "with an idempotency key a conflict or a missing cluster in the plan may come from the first request, so the change is sent",
    arguments: [
      (["expected": 3, "actual": 4], "conflict", 2), (["expected": 4, "actual": 3], "conflict", 1),
      ([:], "not-found", 2),
      ([:], "already-exists", 1),
    ] as [(KeyValuePairs<String, JSON>, String, Int)])
  func repeated(members: KeyValuePairs<String, JSON>, kind: String, requests: Int) throws {
    let failure = refusal(kind, "cannot", members)
    let answer: ScriptedDaemon = { _, params in
      params["dryRun"] == true ? .failure(failure) : .success(Sample.answer(Sample.harmless, seq: 17))
    }
    let keyed = try fairlead(update + ["--request-id", "k"], answer: answer)
    #expect(keyed.requests.count == requests)
    #expect(keyed.status == (requests == 2 ? .done : failure.status))
    #expect(try fairlead(update, answer: answer).requests.count == 1)
  }

  @Test("a new cluster has no traffic to disrupt, so there is no prompt")
  func create() throws {
    let outcome = try fairlead("create", "-g", "prod", "-n", "web", answer: daemon(Sample.dangerous))
    #expect(outcome.status == .done)
    #expect(outcome.requests == [#"cluster.create {"resourceGroup":"prod","name":"web"}"#])
  }

  @Test("a deletion always has a prompt")
  func delete() throws {
    let outcome = try fairlead("delete", "-g", "prod", "-n", "web", typed: ["n"], answer: daemon(harmlessPlan()))
    #expect(outcome.status == .failed)
    #expect(outcome.requests == [#"cluster.delete {"resourceGroup":"prod","name":"web","dryRun":true}"#])
  }

  @Test(
    "a change that would be refused is sent, and the refusal is printed with the report and the command that meets the gate"
  )
  func refused() throws {
    let outcome = try fairlead(update, typed: ["y"]) { _, params in
      params["dryRun"] == true
        ? .success(Sample.answer(Sample.blocked))
        : .failure(refusal("prerequisite", "cannot change prod/web", ["report": Sample.blocked.json]))
    }
    #expect(outcome.status == .refused)
    #expect(outcome.out.isEmpty)
    #expect(
      outcome.err == ReportText(Layout()).body(Sample.blocked) + """

        fairlead: cannot change prod/web
          Nothing was recorded. The report names what is to be done first.
          Next: fairlead feature register --namespace Microsoft.ContainerService --name KubeProxyConfigurationPreview

        """)
  }

  @Test("a change that records nothing says so, and ends with 0")
  func nothing() throws {
    let report = Report(
      subject: "prod/web", verdict: .none, summary: "x", notes: ["As before."], affected: Affected(clusters: 1))
    let outcome = try fairlead(update + ["-y"]) { _, _ in .success(Sample.answer(report)) }
    #expect(outcome.status == .done)
    #expect(outcome.out == "- As before.\nNothing to record: prod/web is at revision 4 already.\n")
  }

  @Test("--dry-run is a plan")
  func dryRun() throws {
    let outcome = try fairlead(update + ["--dry-run", "-y"], answer: daemon(Sample.dangerous))
    #expect(outcome.status == .done)
    #expect(outcome.requests == ["cluster.update \(base),\"dryRun\":true}"])
    #expect(
      outcome.out.hasSuffix(
        "\nA plan: nothing was recorded. To record exactly this, add to the change:\n  --plan v1:aa:bb\n"))
  }

  @Test("as JSON the answer is on stdout, and nothing on stderr")
  func json() throws {
    let outcome = try fairlead(update + ["-y", "-o", "json"], answer: daemon(Sample.harmless))
    #expect(outcome.out == Sample.answer(Sample.harmless, seq: 17).prettyText + "\n")
    #expect(outcome.err.isEmpty)
  }

  @Test("with -o none nothing is printed")
  func none() throws {
    let outcome = try fairlead(update + ["-y", "-o", "none"], answer: daemon(Sample.harmless))
    #expect(outcome.screen.isEmpty)
  }

  @Test("after a commit with a malformed reply, the error says that the change was recorded")
  func misunderstood() throws {
    let outcome = try fairlead(update + ["-y"]) { _, _ in .success(["seq": 17, "report": ["verdict": "dire"]]) }
    #expect(outcome.status == .unreachable)
    #expect(outcome.err.contains("It was recorded, as change 17."))
  }
}
