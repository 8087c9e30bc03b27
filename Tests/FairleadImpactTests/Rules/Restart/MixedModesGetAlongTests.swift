// Tests of RST-03: nodes in different modes.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("RST-03: nodes in different modes get along")
struct MixedModesGetAlongTests {
  @Test("It fires for every mode change of a running kube-proxy; no fact decides it")
  func fires() {
    for (before, after) in [(KubeProxyConfig.iptables, KubeProxyConfig.nftables), (.ipvs(), .iptables)] {
      let finding = finding(MixedModesGetAlong.self, in: change(before, after))
      #expect(finding?.severity == .info)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("Windows") == false)
    }
  }

  @Test("It says that Windows nodes keep their proxy")
  func windows() {
    let finding = MixedModesGetAlong.evaluate(change(.iptables, .nftables, [.windowsNodes: .bool(true)]))
    #expect(finding?.detail.contains("Windows nodes keep their kernelspace proxy") == true)
  }

  @Test("It is silent without a mode change, and for enabling, disabling, and creation")
  func silent() {
    #expect(MixedModesGetAlong.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(.disabled, .iptables, lastMode: .ipvs)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(.iptables, .disabled)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(.empty, .iptables)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(nil, .nftables)) == nil)
  }
}
