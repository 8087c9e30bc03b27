// The shell and Python clients' example scripts against a real daemon, and the Python client against the schema.

import Foundation
import Testing

@Suite("Clients", .timeLimit(.minutes(10)))
struct ClientTests {
  @Test("the Python client's walk.py runs without an error")
  func python() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let finished = try Programs.run(
      "python3", ["-W", "error", Repository.path("Clients/python/walk.py"), "--socket", daemon.socket],
      in: daemon.scratch, environment: ["PYTHONDONTWRITEBYTECODE": "1"])
    #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    try check(daemon)
  }

  @Test("the Python client's types and methods are those that its generator writes from the schema")
  func generated() throws {
    let finished = try Programs.run(Repository.path("scripts/generate-python"), ["--check"], in: Scratch())
    #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
  }

  @Test("a member that is renamed in the schema is reported as a difference")
  func drift() throws {
    let scratch = try Scratch()
    let schema = try Repository.text("Clients/schema/openrpc.json")
    let renamed = try scratch.write(
      schema.replacingOccurrences(of: "\"folds\"", with: "\"covers\""), to: "renamed.json")
    let finished = try Programs.run(
      Repository.path("scripts/generate-python"), ["--check", "--schema", renamed], in: scratch)
    #expect(finished.status == 1, "\(finished.errors)")
    #expect(finished.output.contains("-    folds: list[str]\n+    covers: list[str]\n"))
  }

  @Test("the shell client's walk.sh runs without an error", arguments: ["dash", "bash"])
  func shell(shell: String) throws {
    let daemon = try RunningDaemon(in: Scratch())
    let finished = try Programs.run(
      shell, [Repository.path("Clients/shell/walk.sh"), daemon.socket], in: daemon.scratch)
    #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    try check(daemon)
  }

  /// Checks what a walk has recorded in the ledger, whatever it printed.
  private func check(_ daemon: RunningDaemon) throws {
    let methods = try Programs.sqlite(
      "SELECT DISTINCT method FROM audit_log ORDER BY method", database: daemon.database, in: daemon.scratch)
    #expect(Set(methods).isSuperset(of: ["cluster.create", "cluster.update", "cluster.rollback"]))
    #expect(daemon.stop() == 0)
  }
}
