// The shell and Python clients walk their story against a real daemon.

import Foundation
import Testing

@Suite("Clients", .timeLimit(.minutes(10)))
struct ClientTests {
  @Test("the Python module walks create, update, history and rollback")
  func python() throws {
    let daemon = try RunningDaemon(in: Scratch())
    let finished = try Programs.run(
      "python3", ["-W", "error", Repository.path("Clients/python/walk.py"), "--socket", daemon.socket],
      in: daemon.scratch, environment: ["PYTHONDONTWRITEBYTECODE": "1"])
    #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    try check(daemon)
  }

  @Test("the shell functions walk it too", arguments: ["dash", "bash"])
  func shell(shell: String) throws {
    let daemon = try RunningDaemon(in: Scratch())
    let finished = try Programs.run(
      shell, [Repository.path("Clients/shell/walk.sh"), daemon.socket], in: daemon.scratch)
    #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    try check(daemon)
  }

  /// What a walk must have left in the ledger, whatever it printed.
  private func check(_ daemon: RunningDaemon) throws {
    let methods = try Programs.sqlite(
      "SELECT DISTINCT method FROM audit_log ORDER BY method", database: daemon.database, in: daemon.scratch)
    #expect(Set(methods).isSuperset(of: ["cluster.create", "cluster.update", "cluster.rollback"]))
    #expect(daemon.stop() == 0)
  }
}
