// Names of users from a service that is slow, hangs, or answers.

import DaemonTestSupport
@testable import FairleadServer
import Foundation
import Synchronization
import Testing

@Suite("The names of users", .timeLimit(.minutes(5)))
struct UserNamesTests {
  /// A name service that answers when the test says so.
  private final class Service: Sendable {
    let mayAnswer = DispatchSemaphore(value: 0)
    let asked = Mutex<[UInt32]>([])

    func lookUp(_ uid: UInt32) -> String {
      asked.withLock { $0.append(uid) }
      mayAnswer.wait()
      return "user-\(uid)"
    }
  }

  private final class Names: Sendable {
    private let names = Mutex<[String]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func add(_ name: String) {
      names.withLock { $0.append(name) }
      arrived.signal()
    }

    func next() -> String? {
      guard arrived.wait(timeout: .now() + 60) == .success else { return nil }
      return names.withLock { $0.removeFirst() }
    }
  }

  @Test("who asks never waits: the name comes later, once for all who asked, and is known from then on")
  func later() throws {
    let (service, names) = (Service(), Names())
    let users = UserNames(patience: .seconds(600), log: { _ in }, lookUp: service.lookUp)
    for _ in 0..<3 { #expect(users.name(of: 7, orLater: names.add) == nil) }
    service.mayAnswer.signal()
    for _ in 0..<3 { #expect(names.next() == "user-7") }
    #expect(users.name(of: 7, orLater: names.add) == "user-7")
    #expect(service.asked.withLock { $0 } == [7])
  }

  @Test("a service that hangs costs a change a bounded wait, then the uid is its name, and the log says so")
  func hangs() throws {
    let (service, names, lines) = (Service(), Names(), Names())
    let users = UserNames(patience: .milliseconds(20), log: lines.add, lookUp: service.lookUp)
    #expect(users.name(of: 7, orLater: names.add) == nil)
    #expect(names.next() == "7")
    #expect(lines.next()?.contains("no name for uid 7") == true)
    // Nobody waits for the same look-up again.
    #expect(users.name(of: 7, orLater: names.add) == "7")
    service.mayAnswer.signal()
    let deadline = Date(timeIntervalSinceNow: 60)
    while users.name(of: 7, orLater: names.add) != "user-7", Date() < deadline { sched_yield() }
    #expect(users.name(of: 7, orLater: names.add) == "user-7")
  }
}
