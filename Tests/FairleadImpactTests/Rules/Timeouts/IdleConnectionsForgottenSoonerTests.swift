// Tests of TMO-02: idle TCP connections after a move to IPVS.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-02: the idle TCP lifetime drops in IPVS")
struct IdleConnectionsForgottenSoonerTests {
  @Test("Without a timeout in the document the kernel's 900 s apply")
  func kernelDefault() {
    for before in [KubeProxyConfig.iptables, .nftables] {
      let finding = finding(IdleConnectionsForgottenSooner.self, in: change(before, .ipvs()))
      #expect(finding?.severity == .high)
      #expect(finding?.certainty == .will)
      #expect(finding?.detail.contains("after 900 s, the kernel's default") == true)
    }
  }

  @Test("A timeout in the document takes precedence, and a day or more is no drop")
  func configured() {
    let move = change(.iptables, .ipvs(nil, [.tcp: 7200]))
    #expect(
      IdleConnectionsForgottenSooner.evaluate(move)?.detail.contains("after 7200 s, as the document sets it") == true)
    #expect(IdleConnectionsForgottenSooner.evaluate(change(.iptables, .ipvs(nil, [.tcp: 86_399]))) != nil)
    #expect(IdleConnectionsForgottenSooner.evaluate(change(.iptables, .ipvs(nil, [.tcp: 86_400]))) == nil)
  }

  @Test("A timeout that the kernel refuses is not relied on")
  func refused() {
    let doubtful = IdleConnectionsForgottenSooner.evaluate(change(.iptables, .ipvs(nil, [.tcp: 5_000_000])))
    #expect(doubtful?.certainty == .may)
    let refused = IdleConnectionsForgottenSooner.evaluate(
      change(.iptables, .ipvs(nil, [.tcp: 7200, .udp: Int(Int32.max)])))
    #expect(refused?.certainty == .will)
    #expect(refused?.detail.contains("after 900 s, the kernel's default, since it refuses") == true)
  }

  @Test("A value that an earlier revision left in the kernel counts")
  func history() {
    let finding = IdleConnectionsForgottenSooner.evaluate(change(.nftables, .ipvs(), kernel: [.tcp: 600]))
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("900 s, the kernel's default, or 600 s where a node still has") == true)
    #expect(finding?.remedy.contains("every 600 s") == true)
    let long = IdleConnectionsForgottenSooner.evaluate(change(.nftables, .ipvs(), kernel: [.tcp: 100_000]))
    #expect(long?.certainty == .may)
  }

  @Test("Frequent enough keepalives lower the severity, others do not")
  func keepalive() {
    func severity(_ seconds: Int) -> Severity? {
      IdleConnectionsForgottenSooner.evaluate(change(.iptables, .ipvs(), [.keepaliveSeconds: .count(seconds)]))?
        .severity
    }
    #expect(severity(899) == .medium)
    #expect(severity(900) == .high)
    #expect(severity(7200) == .high)
    #expect(severity(0) == .high)
  }

  @Test("With the keepalives unknown it says that they are not recorded")
  func unknown() {
    #expect(
      IdleConnectionsForgottenSooner.evaluate(change(.iptables, .ipvs()))?.detail.contains("not recorded") == true)
  }

  @Test("It is silent where IPVS stays, and for the other moves and creation")
  func silent() {
    #expect(IdleConnectionsForgottenSooner.evaluate(change(.ipvs(nil, [.tcp: 900]), .ipvs(nil, [.tcp: 60]))) == nil)
    #expect(IdleConnectionsForgottenSooner.evaluate(change(.ipvs(), .iptables)) == nil)
    #expect(IdleConnectionsForgottenSooner.evaluate(change(nil, .ipvs())) == nil)
  }
}
