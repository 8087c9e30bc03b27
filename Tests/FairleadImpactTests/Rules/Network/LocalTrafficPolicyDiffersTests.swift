// Tests of NET-04: externalTrafficPolicy Local in IPVS.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NET-04: externalTrafficPolicy Local differs in IPVS")
struct LocalTrafficPolicyDiffersTests {
  static let used: Facts = [.usesLocalTrafficPolicy: .bool(true)]

  @Test("It fires for a move from both other modes if a Service has the policy")
  func fires() {
    for before in [KubeProxyConfig.iptables, .nftables] {
      let finding = finding(LocalTrafficPolicyDiffers.self, in: change(before, .ipvs(), Self.used))
      #expect(finding?.severity == .high)
      #expect(finding?.certainty == .will)
    }
    #expect(
      LocalTrafficPolicyDiffers.evaluate(change(.disabled, .ipvs(), Self.used, lastMode: .nftables))?.certainty == .may)
  }

  @Test("With the fact unknown it names the fact")
  func unknown() {
    let finding = finding(LocalTrafficPolicyDiffers.self, in: change(.iptables, .ipvs()))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .medium)
    #expect(finding?.missingFact == .usesLocalTrafficPolicy)
    #expect(finding?.remedy.contains("--uses-local-traffic-policy") == true)
  }

  @Test("Its step lists the Services beforehand")
  func steps() {
    #expect(LocalTrafficPolicyDiffers.steps(for: change(.iptables, .ipvs())).map(\.phase) == [.before])
  }

  @Test("It is silent without such a Service, and for the other moves, the same mode, and creation")
  func silent() {
    #expect(
      LocalTrafficPolicyDiffers.evaluate(change(.iptables, .ipvs(), [.usesLocalTrafficPolicy: .bool(false)])) == nil)
    #expect(LocalTrafficPolicyDiffers.evaluate(change(.ipvs(), .nftables, Self.used)) == nil)
    #expect(LocalTrafficPolicyDiffers.evaluate(change(.iptables, .nftables, Self.used)) == nil)
    #expect(LocalTrafficPolicyDiffers.evaluate(change(.ipvs(), .leastConnection, Self.used)) == nil)
    #expect(LocalTrafficPolicyDiffers.evaluate(change(nil, .ipvs(), Self.used)) == nil)
  }
}
