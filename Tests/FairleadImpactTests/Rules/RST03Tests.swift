// RST-03: nodes in different modes.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("RST-03: nodes in different modes get along")
struct RST03Tests {
  @Test("Every mode change of a running kube-proxy has it; no fact decides it")
  func fires() {
    for (before, after) in [(KubeProxyConfig.iptables, KubeProxyConfig.nftables), (.ipvs(), .iptables)] {
      let finding = finding(RST03.self, in: change(before, after))
      #expect(finding?.severity == .info)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("Windows") == false)
    }
  }

  @Test("Windows nodes keep the proxy that they have")
  func windows() {
    let finding = RST03.evaluate(change(.iptables, .nftables, [.windowsNodes: .bool(true)]))
    #expect(finding?.detail.contains("Windows nodes keep their kernelspace proxy") == true)
  }

  @Test("No mode change, a start, an end, and creation are silent")
  func silent() {
    #expect(RST03.evaluate(change(.ipvs(), .leastConnection)) == nil)
    #expect(RST03.evaluate(change(.disabled, .iptables, lastMode: .ipvs)) == nil)
    #expect(RST03.evaluate(change(.iptables, .disabled)) == nil)
    #expect(RST03.evaluate(change(.empty, .iptables)) == nil)
    #expect(RST03.evaluate(change(nil, .nftables)) == nil)
  }
}
