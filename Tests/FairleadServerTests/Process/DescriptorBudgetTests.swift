// How many connections a limit of open descriptors leaves, and which limits are refused.

import FairleadModel
@testable import FairleadServer
import Testing

@Suite("The budget of descriptors")
struct DescriptorBudgetTests {
  @Test("connections get what the daemon does not need itself, up to their own limit")
  func connections() throws {
    #expect(DescriptorBudget(limit: 72).connections == 8)
    #expect(DescriptorBudget(limit: 1024).connections == 960)
    #expect(DescriptorBudget(limit: 1 << 20).connections == Limits.connections)
    #expect(DescriptorBudget(limit: nil).connections == Limits.connections)
    #expect(DescriptorBudget(limit: 1 << 20).notice == nil)
    #expect(
      DescriptorBudget(limit: 1024).notice
        == "takes at most 960 connections, since the limit of open descriptors is 1024; 4160 would allow all 4096")
  }

  @Test("a limit with which the daemon could not work is refused with what to do")
  func tooSmall() {
    #expect(throws: StartError.self) { try DescriptorBudget(limit: 71).check() }
    #expect(throws: Never.self) { try DescriptorBudget(limit: 72).check() }
  }
}
