// Tests of PERF-01: many Services in IPTABLES.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("PERF-01: IPTABLES with many Services")
struct SlowFirstPacketTests {
  static func services(_ count: Int) -> Facts { [.serviceCount: .count(count)] }

  @Test("Its severity rises with the Services, at 1,001 and at 5,000")
  func fires() {
    func severity(_ count: Int) -> Severity? {
      finding(SlowFirstPacket.self, in: change(.nftables, .iptables, Self.services(count)))?.severity
    }
    #expect(severity(0) == nil)
    #expect(severity(1000) == nil)
    #expect(severity(1001) == .info)
    #expect(severity(4999) == .info)
    #expect(severity(5000) == .medium)
    #expect(severity(Int(Int32.max)) == .medium)
  }

  @Test(
    "The latency in the text agrees with upstream's measurements, and beyond them it is that of the most Services measured"
  )
  func latency() {
    func detail(_ count: Int) -> String? {
      SlowFirstPacket.evaluate(change(nil, .iptables, Self.services(count)))?.detail
    }
    #expect(detail(5000)?.contains("about 156 microseconds") == true)
    #expect(detail(10_000)?.contains("about 268 microseconds") == true)
    #expect(detail(30_000)?.contains("about 716 microseconds") == true)
    #expect(detail(2_000_000)?.contains("With 30000, the most that were measured") == true)
  }

  @Test("It is a state rule: it fires on creation and for a standing configuration")
  func state() {
    #expect(finding(SlowFirstPacket.self, in: change(nil, .empty, Self.services(6000)))?.severity == .medium)
    let standing = standingFindings(
      cluster: ClusterKey(resourceGroup: "rg", name: "prod"), facts: ClusterFacts(Self.services(6000)), config: .empty)
    #expect(standing.map(\.rule).contains("PERF-01"))
  }

  @Test("With the number unknown it fires only where IPTABLES is new")
  func unknown() {
    let finding = finding(SlowFirstPacket.self, in: change(.nftables, .iptables))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .info)
    #expect(finding?.missingFact == .serviceCount)
    #expect(SlowFirstPacket.evaluate(change(nil, .iptables)) == nil)
    #expect(SlowFirstPacket.evaluate(change(.disabled, .iptables, lastMode: .iptables)) == nil)
  }

  @Test("It is silent for the other modes, a disabled kube-proxy, and the Cilium dataplane")
  func silent() {
    let many = Self.services(10_000)
    #expect(SlowFirstPacket.evaluate(change(.iptables, .nftables, many)) == nil)
    #expect(SlowFirstPacket.evaluate(change(.iptables, .ipvs(), many)) == nil)
    #expect(SlowFirstPacket.evaluate(change(.iptables, .disabled, many)) == nil)
    let cilium = many.merging([.networkDataplane: .word("cilium")]) { $1 }
    #expect(SlowFirstPacket.evaluate(change(nil, .empty, cilium)) == nil)
  }
}
