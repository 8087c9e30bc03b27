// Tests of ENB-03: settings beside a disabled kube-proxy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENB-03: settings are stored, and without effect")
struct SettingsWithoutEffectTests {
  static let kept = KubeProxyConfig(
    enabled: false, mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.tcp: 900]))

  @Test("It lists the settings in the document")
  func fires() {
    let finding = finding(SettingsWithoutEffect.self, in: change(.ipvs(), Self.kept))
    #expect(finding?.severity == .info)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("mode IPVS, scheduler LeastConnection, tcpTimeoutSeconds 900") == true)
    #expect(SettingsWithoutEffect.evaluate(change(.iptables, KubeProxyConfig(enabled: false, mode: .nftables))) != nil)
  }

  @Test("It is silent for a document without settings, an enabled kube-proxy, and creation")
  func silent() {
    #expect(SettingsWithoutEffect.evaluate(change(.ipvs(), .disabled)) == nil)
    #expect(
      SettingsWithoutEffect.evaluate(change(.ipvs(), KubeProxyConfig(enabled: false, mode: nil, ipvs: IPVSConfig())))
        == nil)
    #expect(SettingsWithoutEffect.evaluate(change(.iptables, .ipvs())) == nil)
    #expect(SettingsWithoutEffect.evaluate(change(nil, Self.kept)) == nil)
  }

  @Test("For a kube-proxy that was disabled before only NOOP-01 fires")
  func noOp() {
    #expect(SettingsWithoutEffect.evaluate(change(.disabled, Self.kept)) == nil)
  }

  @Test("No fact decides it")
  func noFact() {
    #expect(verdicts(SettingsWithoutEffect.self, .iptables, Self.kept) == ["info will"])
  }
}
