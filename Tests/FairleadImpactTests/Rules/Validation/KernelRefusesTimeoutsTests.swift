// Tests of VAL-03: timeouts that the kernel refuses.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("VAL-03: a timeout that the kernel refuses")
struct KernelRefusesTimeoutsTests {
  @Test("It is silent for the longest timeout that every kernel accepts, and one second more may be refused")
  func boundary() {
    #expect(KernelRefusesTimeouts.evaluate(change(nil, .ipvs(nil, [.tcp: 2_147_483]))) == nil)
    let finding = KernelRefusesTimeouts.evaluate(change(nil, .ipvs(nil, [.tcp: 2_147_484])))
    #expect(finding?.severity == .high)
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("tcpTimeoutSeconds 2147484") == true)
  }

  @Test("Beyond the range of the slowest clock the refusal is certain, and only timeouts beyond it are named")
  func certain() {
    #expect(KernelRefusesTimeouts.evaluate(change(nil, .ipvs(nil, [.udp: 21_474_836])))?.certainty == .may)
    let finding = KernelRefusesTimeouts.evaluate(
      change(nil, .ipvs(nil, [.tcp: 600, .tcpFin: 3_000_000, .udp: 21_474_837])))
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.hasPrefix("udpTimeoutSeconds 21474837: past") == true)
  }

  @Test("The largest int32 is refused, and nothing overflows")
  func largest() {
    #expect(KernelRefusesTimeouts.evaluate(change(nil, .ipvs(nil, [.tcp: Int(Int32.max)])))?.certainty == .will)
  }

  @Test("It is a state rule: it fires on creation, and for a timeout that was there before")
  func state() {
    let document = KubeProxyConfig.ipvs(.leastConnection, [.tcp: 5_000_000])
    #expect(finding(KernelRefusesTimeouts.self, in: change(nil, document)) != nil)
    #expect(finding(KernelRefusesTimeouts.self, in: change(.ipvs(nil, [.tcp: 5_000_000]), document)) != nil)
  }

  @Test("It is silent while kube-proxy is disabled")
  func inert() {
    let document = KubeProxyConfig(enabled: false, mode: .ipvs, ipvs: IPVSConfig(timeouts: [.tcp: Int(Int32.max)]))
    #expect(KernelRefusesTimeouts.evaluate(change(.iptables, document)) == nil)
  }

  @Test("No fact decides it, and its step checks the kernel's answer")
  func noFact() {
    #expect(verdicts(KernelRefusesTimeouts.self, .iptables, .ipvs(nil, [.tcp: 5_000_000])) == ["high may"])
    #expect(verdicts(KernelRefusesTimeouts.self, nil, .ipvs(nil, [.tcp: 500])) == ["silent"])
    let move = change(.iptables, .ipvs(nil, [.tcp: 5_000_000]))
    #expect(words(KernelRefusesTimeouts.self, move, .after).contains("Failed to configure IPVS timeouts"))
  }
}
