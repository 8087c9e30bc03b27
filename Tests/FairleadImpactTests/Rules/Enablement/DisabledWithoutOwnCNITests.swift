// Tests of ENB-04: who may disable kube-proxy.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("ENB-04: only a cluster with its own CNI may disable kube-proxy")
struct DisabledWithoutOwnCNITests {
  @Test("Any other plugin blocks, also on creation", arguments: ["azure", "kubenet"])
  func blocks(plugin: String) {
    for before in [nil, KubeProxyConfig.iptables] {
      let finding = finding(DisabledWithoutOwnCNI.self, in: change(before, .disabled, [.networkPlugin: .word(plugin)]))
      #expect(finding?.severity == .blocked)
      #expect(finding?.detail.contains("plugin is \(plugin)") == true)
    }
  }

  @Test("With its own CNI, or with kube-proxy enabled, it is silent")
  func silent() {
    #expect(DisabledWithoutOwnCNI.evaluate(change(.iptables, .disabled, [.networkPlugin: .word("none")])) == nil)
    #expect(DisabledWithoutOwnCNI.evaluate(change(.disabled, .iptables, [.networkPlugin: .word("azure")])) == nil)
  }

  @Test("With the plugin unknown it says so, and does not block")
  func unknown() {
    let finding = DisabledWithoutOwnCNI.evaluate(change(.iptables, .disabled))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .unknown)
    #expect(finding?.missingFact == .networkPlugin)
  }

  @Test("With the Cilium dataplane the remedy is the empty document")
  func cilium() {
    let facts: Facts = [.networkPlugin: .word("azure"), .networkDataplane: .word("cilium")]
    #expect(DisabledWithoutOwnCNI.evaluate(change(.empty, .disabled, facts))?.remedy.contains("empty") == true)
  }

  @Test("A change that leaves kube-proxy enabled is silent under every fact")
  func noOp() {
    #expect(verdicts(DisabledWithoutOwnCNI.self, .iptables, .empty) == ["silent"])
  }
}
