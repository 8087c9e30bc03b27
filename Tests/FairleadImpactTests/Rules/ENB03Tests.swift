// ENB-03: settings beside a disabled kube-proxy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENB-03: settings are stored, and without effect")
struct ENB03Tests {
  static let kept = KubeProxyConfig(
    enabled: false, mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.tcp: 900]))

  @Test("It lists what the document keeps")
  func fires() {
    let finding = finding(ENB03.self, in: change(.ipvs(), Self.kept))
    #expect(finding?.severity == .info)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("mode IPVS, scheduler LeastConnection, tcpTimeoutSeconds 900") == true)
    #expect(ENB03.evaluate(change(.iptables, KubeProxyConfig(enabled: false, mode: .nftables))) != nil)
  }

  @Test("A document that keeps nothing, one that enables, and creation are silent")
  func silent() {
    #expect(ENB03.evaluate(change(.ipvs(), .disabled)) == nil)
    #expect(ENB03.evaluate(change(.ipvs(), KubeProxyConfig(enabled: false, mode: nil, ipvs: IPVSConfig()))) == nil)
    #expect(ENB03.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(ENB03.evaluate(change(nil, Self.kept)) == nil)
  }

  @Test("A kube-proxy that was disabled before is a text without effect, and NOOP-01's")
  func noOp() {
    #expect(ENB03.evaluate(change(.disabled, Self.kept)) == nil)
  }

  @Test("No fact decides about it")
  func noFact() {
    #expect(verdicts(ENB03.self, .iptables, Self.kept) == ["info will"])
  }
}
