// RST-03: nodes in different modes.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("RST-03: nodes in different modes get along")
struct MixedModesGetAlongTests {
  @Test("Every mode change of a running kube-proxy has it; no fact decides it")
  func fires() {
    for (before, after) in [(KubeProxyConfig.iptables, KubeProxyConfig.nftables), (.ipvs(), .iptables)] {
      let finding = finding(MixedModesGetAlong.self, in: change(before, after))
      #expect(finding?.severity == .info)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("Windows") == false)
    }
  }

  @Test("Windows nodes keep the proxy that they have")
  func windows() {
    let finding = MixedModesGetAlong.evaluate(change(.iptables, .nftables, [.windowsNodes: .bool(true)]))
    #expect(finding?.detail.contains("Windows nodes keep their kernelspace proxy") == true)
  }

  @Test("No mode change, a start, an end, and creation are silent")
  func silent() {
    #expect(MixedModesGetAlong.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(.disabled, .iptables, lastMode: .ipvs)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(.iptables, .disabled)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(.empty, .iptables)) == nil)
    #expect(MixedModesGetAlong.evaluate(change(nil, .nftables)) == nil)
  }
}
