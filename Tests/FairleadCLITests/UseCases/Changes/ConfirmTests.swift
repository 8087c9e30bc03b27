// Commit, then confirm, on the command line: --confirm-within, `confirm`, and the output about pending changes.

internal import ArgumentParser
@testable internal import FairleadCLI
internal import ExactJSON
internal import FairleadModel
internal import Testing

@Suite("Commit, then confirm")
struct ConfirmTests {
  @Test(
    "A duration is a number with a unit, or several",
    arguments: [
      ("90s", 90), ("10m", 600), ("2h", 7200), ("1h30m", 5400), ("7d", 604_800), ("1d1h1m1s", 90_061), ("600", 600),
      ("0h5m", 300),
    ])
  func times(text: String, seconds: Int) throws {
    #expect(try Seconds(argument: text).count == seconds)
    let outcome = try fairlead("update", "-g", "prod", "-n", "web", "--label", "a=b", "--confirm-within", text, "--yes")
    {
      _, _ in
      .success(Sample.answer(Sample.harmless, seq: 5))
    }
    #expect(outcome.requests.first?.contains("\"confirmWithinSeconds\":\(seconds)") == true, "\(outcome.requests)")
  }

  @Test(
    "A malformed duration, and one that the daemon does not accept, are refused with the accepted form",
    arguments: [
      "ten", "10x", "m", "10m5", "5m1h", "1m1m", "-5", "0", "0s", "8d", "604801", "1.5h", "10 m",
      "99999999999999999999", "99999999999999999999d", "9223372036854775807d", "\u{0661}0m",
    ])
  func noTimes(text: String) {
    let error = #expect(throws: (any Error).self) {
      _ = try CommandLineProgram.command(for: [
        "update", "-g", "prod", "-n", "web", "--label", "a=b", "--confirm-within=\(text)",
      ])
    }
    let message = error.map { Fairlead.fullMessage(for: $0) } ?? ""
    #expect(message.contains("It is a time such as 90s, 10m, 2h") || message.contains("between one second and 7 days"))
  }

  @Test(
    "--confirm-within is an option of update, rollback, their plans and aks update only",
    arguments: ["update", "plan update", "aks update", "rollback", "plan rollback"])
  func commands(command: String) throws {
    var words = command.split(separator: " ").map(String.init) + ["-g", "prod", "-n", "web", "--confirm-within", "10m"]
    if command.hasSuffix("update") { words += ["--label", "a=b"] }
    let outcome = try fairlead(words) { _, _ in .success(Sample.answer(Sample.harmless, seq: 5)) }
    #expect(outcome.requests.allSatisfy { $0.contains("\"confirmWithinSeconds\":600") }, "\(outcome.requests)")
    #expect(!outcome.requests.isEmpty)
    for other in ["create", "delete", "plan create", "plan delete", "confirm"] {
      let words = other.split(separator: " ").map(String.init) + ["-g", "prod", "-n", "web", "--confirm-within", "10m"]
      #expect(throws: (any Error).self) { _ = try CommandLineProgram.command(for: words) }
    }
  }

  private static let key = ClusterKey(resourceGroup: "prod", name: "web")

  private static func report(seconds: Int?, deadline: Timestamp?, caveats: [String]) -> Report {
    Report(
      seq: deadline == nil ? nil : 12, subject: "prod/web", verdict: .medium,
      summary: "update prod/web: mode IPVS -> NFTABLES",
      affected: Affected(clusters: 1),
      pendingConfirm: ConfirmNotice(
        seconds: seconds, deadline: deadline, restores: 6, caveats: caveats, command: "fairlead confirm -g prod -n web")
    )
  }

  private static let deadline = Timestamp(milliseconds: 1_795_381_485_000)

  @Test("A report says below the verdict that the change reverts by itself, and what that leaves behind")
  func report() {
    let text = ReportText(Layout()).render(
      Self.report(seconds: 5400, deadline: Self.deadline, caveats: ["MODE-03", "TMO-04"]))
    #expect(
      text == """
        MEDIUM  update prod/web: mode IPVS -> NFTABLES
        Reverts by itself at 2026-11-22 21:04:45 UTC, 1 h 30 min after it was recorded,
        to revision 6, unless 'fairlead confirm -g prod -n web' follows.
        The revert is not clean: what MODE-03, TMO-04 says stays behind on the nodes.

        Affected: 1 cluster

        """)
    let plan = ReportText(Layout()).render(Self.report(seconds: 600, deadline: nil, caveats: []))
    #expect(plan.contains("\nReverts by itself 10 min after it is recorded to revision 6, unless 'fairlead\nconfirm"))
    let kept = ReportText(Layout()).render(Self.report(seconds: nil, deadline: Self.deadline, caveats: []))
    #expect(kept.contains("\nReverts by itself at 2026-11-22 21:04:45 UTC to revision 6, unless 'fairlead\nconfirm"))
    let markdown = ReportMarkdown.render(Self.report(seconds: 600, deadline: Self.deadline, caveats: ["MODE-03"]))
    #expect(markdown.contains("**Reverts by itself at 2026-11-22 21:04:45 UTC, 10 min after it was recorded,"))
  }

  @Test("A recorded revert with an unmet gate is not printed as a refusal")
  func passedGate() {
    let gate = Prerequisite(id: .feature, met: false, detail: "NotRegistered.", command: "fairlead feature register")
    func report(_ seq: Int?) -> Report {
      Report(
        seq: seq, subject: "prod/web", verdict: .low, summary: "revert prod/web: mode NFTABLES -> IPVS",
        prerequisites: [gate], affected: Affected(clusters: 1),
        sequence: [Step(.during, "Carry the change to the cluster.", commands: ["az aks update"])])
    }
    #expect(report(nil).isRefused)
    #expect(!report(13).isRefused)
    #expect(ReportText(Layout()).render(report(13)).contains("az aks update"))
  }

  private static let waiting: Cluster = {
    var cluster = Sample.cluster()
    cluster.pendingConfirm = PendingConfirm(seq: 17, revision: 4, restores: 3, deadline: deadline, bootDeadline: nil)
    return cluster
  }()

  @Test("The last line of an update has the deadline")
  func recorded() throws {
    let answer = ChangeOutcome(
      seq: 12, report: Self.report(seconds: 600, deadline: Self.deadline, caveats: []), revision: 4, kind: .cluster,
      resource: Self.waiting.text)
    let outcome = try fairlead("update", "-g", "prod", "-n", "web", "--label", "a=b", "--yes") { _, _ in
      .success(answer.json)
    }
    #expect(
      outcome.out.hasSuffix(
        "Recorded as change 12: prod/web is at revision 4, until 2026-11-22 21:04:45 UTC unless it is confirmed.\n"))
  }

  @Test("show, list and status mark pending changes")
  func marks() throws {
    let show = try fairlead("show", "-g", "prod", "-n", "web") { _, _ in .success(Self.waiting.json) }
    #expect(
      show.out.contains(
        """
        To confirm
          Revision 4 reverts to 3 by itself at 2026-11-22 21:04:45 UTC
          unless it is confirmed: fairlead confirm -g prod -n web

        """), "\(show.out)")
    let page: JSON = ["items": [Self.waiting.json, Sample.cluster().json]]
    let list = try fairlead("list") { _, _ in .success(page) }
    #expect(list.out.split(separator: "\n").count { $0.contains("IPVS (to confirm)") } == 1)
    let tsv = try fairlead("list", "-o", "tsv") { _, _ in .success(page) }
    #expect(tsv.out.split(separator: "\n").map { $0.hasSuffix("\t2026-11-22T21:04:45.000Z") } == [true, false])
    func status(_ health: JSON) throws -> String {
      try fairlead("status") { method, _ in
        .success(method == "registry.health" ? health : ["version": "1", "socket": "s", "database": "d", "head": 3])
      }.out
    }
    let pending: JSON = [
      "status": "ok", "head": 3, "pendingConfirms": 2, "firstDeadline": "2026-11-22T21:04:45.000Z",
    ]
    #expect(try status(pending).contains("  2, the first until 2026-11-22T21:04:45.000Z\n"))
    #expect(!(try status(["status": "ok", "head": 3, "pendingConfirms": 0]).contains("to confirm")))
    let loading: JSON = ["status": "ok", "head": 3, "pendingConfirms": 0, "loadedClusters": 512]
    #expect(try status(loading).contains("  512 clusters so far; others are read from the file\n"))
  }

  @Test("confirm sends its options")
  func confirm() throws {
    let outcome = try fairlead(
      "confirm", "-g", "prod", "-n", "web", "-m", "all well", "--seq", "12", "--if-revision", "4", "--request-id", "k"
    ) { _, _ in .success(Sample.answer(Sample.harmless, seq: 13)) }
    #expect(outcome.status == .done)
    #expect(
      outcome.requests == [
        #"cluster.confirm {"resourceGroup":"prod","name":"web","seq":12,"message":"all well","ifRevision":4,"requestId":"k"}"#
      ])
    #expect(outcome.out.hasSuffix("Recorded as change 13: prod/web is at revision 4.\n"))
  }

  @Test("A confirmation after the deadline ends with the exit code of a conflict")
  func late() throws {
    let outcome = try fairlead("confirm", "-g", "prod", "-n", "web") { _, _ in
      .failure(
        refusal(
          "conflict", "cannot confirm prod/web: too late", ["path": "pendingConfirm", "expected": 6, "actual": 0]))
    }
    #expect(outcome.status == .conflict)
    #expect(outcome.err == "fairlead: cannot confirm prod/web: too late\n")
  }
}
