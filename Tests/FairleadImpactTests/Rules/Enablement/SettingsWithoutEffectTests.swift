// ENB-03: settings beside a disabled kube-proxy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENB-03: settings are stored, and without effect")
struct SettingsWithoutEffectTests {
  static let kept = KubeProxyConfig(
    enabled: false, mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.tcp: 900]))

  @Test("It lists what the document keeps")
  func fires() {
    let finding = finding(SettingsWithoutEffect.self, in: change(.ipvs(), Self.kept))
    #expect(finding?.severity == .info)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("mode IPVS, scheduler LeastConnection, tcpTimeoutSeconds 900") == true)
    #expect(SettingsWithoutEffect.evaluate(change(.iptables, KubeProxyConfig(enabled: false, mode: .nftables))) != nil)
  }

  @Test("A document that keeps nothing, one that enables, and creation are silent")
  func silent() {
    #expect(SettingsWithoutEffect.evaluate(change(.ipvs(), .disabled)) == nil)
    #expect(
      SettingsWithoutEffect.evaluate(change(.ipvs(), KubeProxyConfig(enabled: false, mode: nil, ipvs: IPVSConfig())))
        == nil)
    #expect(SettingsWithoutEffect.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(SettingsWithoutEffect.evaluate(change(nil, Self.kept)) == nil)
  }

  @Test("A kube-proxy that was disabled before is a text without effect, and NOOP-01's")
  func noOp() {
    #expect(SettingsWithoutEffect.evaluate(change(.disabled, Self.kept)) == nil)
  }

  @Test("No fact decides about it")
  func noFact() {
    #expect(verdicts(SettingsWithoutEffect.self, .iptables, Self.kept) == ["info will"])
  }
}
