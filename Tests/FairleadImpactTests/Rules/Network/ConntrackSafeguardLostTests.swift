// Tests of NET-01: the connection tracking workaround.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("NET-01: NFTABLES on a kernel before 6.1")
struct ConntrackSafeguardLostTests {
  static func kernel(_ major: Int, _ minor: Int) -> Facts { [.minKernelVersion: .version(major, minor)] }

  @Test("Between 5.13 and 6.1 long-lived connections may be reset")
  func fires() {
    for kernel in [Self.kernel(5, 13), Self.kernel(5, 15), Self.kernel(6, 0)] {
      let finding = finding(ConntrackSafeguardLost.self, in: change(.iptables, .nftables, kernel))
      #expect(finding?.severity == .medium)
      #expect(finding?.certainty == .may)
    }
  }

  @Test("It is silent for a new enough kernel, and for one on which NFTABLES does not run")
  func bounds() {
    for kernel in [Self.kernel(6, 1), Self.kernel(6, 8), Self.kernel(5, 4), Self.kernel(0, 0)] {
      #expect(ConntrackSafeguardLost.evaluate(change(.iptables, .nftables, kernel)) == nil)
    }
  }

  @Test("With the kernel unknown it is low, and names the fact")
  func unknown() {
    let finding = finding(ConntrackSafeguardLost.self, in: change(.iptables, .nftables))
    #expect(finding?.certainty == .unknown)
    #expect(finding?.severity == .low)
    #expect(finding?.missingFact == .minKernelVersion)
    #expect(finding?.remedy.contains("--min-kernel-version") == true)
  }

  @Test("Its step reads kube-proxy's metric beforehand, unless kube-proxy is disabled")
  func steps() {
    let step = ConntrackSafeguardLost.steps(for: change(.iptables, .nftables)).first
    #expect(step?.phase == .before)
    #expect(step?.commands.first?.contains("ct_state_invalid_dropped_packets_total") == true)
    #expect(ConntrackSafeguardLost.steps(for: change(.disabled, .nftables, lastMode: .iptables)) == [])
  }

  @Test("It is silent for the other moves, the same mode, and creation")
  func silent() {
    let old = Self.kernel(5, 15)
    #expect(ConntrackSafeguardLost.evaluate(change(.ipvs(), .nftables, old)) == nil)
    #expect(ConntrackSafeguardLost.evaluate(change(.nftables, .iptables, old)) == nil)
    #expect(ConntrackSafeguardLost.evaluate(change(.empty, .iptables, old)) == nil)
    #expect(ConntrackSafeguardLost.evaluate(change(nil, .nftables, old)) == nil)
  }
}
