// The first packet's latency, compared with the bars of upstream's chart.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("The first packet's latency")
struct FirstPacketLatencyTests {
  @Test(
    "IPTABLES agrees with each bar of the chart within its error",
    arguments: [(5000, 49, 156), (10_000, 61, 262), (30_000, 274, 715)])
  func bars(services: Int, p50: Int, p99: Int) {
    let packet = FirstPacketLatency.firstPacket(.iptables, services: services)
    #expect(packet.errorMicroseconds == 10)
    #expect(packet.p50Microseconds == p50)
    #expect(abs(packet.p99Microseconds - p99) <= packet.errorMicroseconds)
  }

  @Test("IPTABLES grows with the Services, without a jump, and so does its error outside the measured range")
  func monotonous() {
    var before = FirstPacketLatency.firstPacket(.iptables, services: 1)
    for services in stride(from: 101, through: FirstPacketLatency.mostServices, by: 100) {
      let packet = FirstPacketLatency.firstPacket(.iptables, services: services)
      let steps = [
        packet.p50Microseconds - before.p50Microseconds, packet.p99Microseconds - before.p99Microseconds,
      ]
      if !steps.allSatisfy({ (0...3).contains($0) }) { Issue.record("\(before), \(packet)") }
      let error = packet.errorMicroseconds - before.errorMicroseconds
      if services <= 5000 ? error > 0 : services > 30_100 && error < 0 { Issue.record("\(before), \(packet)") }
      before = packet
    }
    #expect(FirstPacketLatency.firstPacket(.iptables, services: 20_000).errorMicroseconds == 92)
    #expect(FirstPacketLatency.firstPacket(.iptables, services: 100).errorMicroseconds == 30)
  }

  @Test("In NFTABLES and IPVS latency does not depend on the Services, and IPVS has slightly more with a wider error")
  func constant() {
    for services in [1, 5000, 300_000] {
      let nftables = FirstPacketLatency.firstPacket(.nftables, services: services)
      let ipvs = FirstPacketLatency.firstPacket(.ipvs, services: services)
      #expect(nftables == FirstPacket(mode: .nftables, p50Microseconds: 14, p99Microseconds: 37, errorMicroseconds: 4))
      #expect(ipvs == FirstPacket(mode: .ipvs, p50Microseconds: 18, p99Microseconds: 41, errorMicroseconds: 8))
      #expect(ipvs.p99Microseconds - ipvs.errorMicroseconds <= nftables.p99Microseconds)
    }
  }

  @Test("A change of mode is estimated before and after, and a creation only after")
  func sides() throws {
    let facts: Facts = [.serviceCount: .count(10_000)]
    let both = try #require(FirstPacketLatency.estimate(for: change(.iptables, .nftables, facts)))
    #expect(both.before?.p99Microseconds == 268 && both.after?.p99Microseconds == 37)
    let created = try #require(FirstPacketLatency.estimate(for: change(nil, .iptables, facts)))
    #expect(created.before == nil && created.after?.mode == .iptables)
  }

  @Test("There is no estimate if the mode stays, kube-proxy will not run, or the Services are unknown or absurd")
  func none() {
    let facts: Facts = [.serviceCount: .count(10_000)]
    #expect(FirstPacketLatency.estimate(for: change(.ipvs(), .leastConnection, facts)) == nil)
    #expect(FirstPacketLatency.estimate(for: change(.ipvs(), .disabled, facts)) == nil)
    #expect(FirstPacketLatency.estimate(for: change(.iptables, .nftables)) == nil)
    for services in [0, FirstPacketLatency.mostServices + 1, Int(Int32.max)] {
      let move = change(.iptables, .nftables, [.serviceCount: .count(services)])
      #expect(FirstPacketLatency.estimate(for: move) == nil)
    }
  }

  @Test("Outside what was measured the limits say so")
  func limits() throws {
    for (services, isOutside) in [(4999, true), (5000, false), (30_000, false), (30_001, true)] {
      let move = change(.iptables, .nftables, [.serviceCount: .count(services)])
      let limits = try #require(FirstPacketLatency.estimate(for: move)).basis.limits
      #expect(limits.contains("Measured were 5,000 to 30,000 Services") == isOutside)
    }
  }
}
