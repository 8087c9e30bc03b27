// Tests of TMO-01: the idle TCP timeout against the keepalives.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-01: an idle TCP timeout shorter than the keepalives")
struct IdleConnectionsCutTests {
  static func keepalive(_ seconds: Int) -> Facts { [.keepaliveSeconds: .count(seconds)] }

  @Test("A raise that stays below the keepalives still cuts connections")
  func fires() {
    let finding = finding(
      IdleConnectionsCut.self, in: change(.ipvs(nil, [.tcp: 600]), .ipvs(nil, [.tcp: 1200]), Self.keepalive(7200)))
    #expect(finding?.severity == .medium)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("idle for 1200 s") == true)
    #expect(finding?.remedy.contains("above 7200") == true)
  }

  @Test("For a move into IPVS TMO-02 folds it, and for a lowered timeout TMO-03 does")
  func folded() {
    for facts in [[:], Self.keepalive(7200), Self.keepalive(0)] {
      let move = change(.iptables, .ipvs(), facts)
      #expect(IdleConnectionsCut.evaluate(move) != nil)
      #expect(finding(IdleConnectionsForgottenSooner.self, in: move)?.folds.contains("TMO-01") == true)
      let lowered = change(.ipvs(nil, [.tcp: 1800]), .ipvs(nil, [.tcp: 600]), facts)
      #expect(IdleConnectionsCut.evaluate(lowered) != nil)
      #expect(finding(TCPTimeoutLowered.self, in: lowered)?.folds == ["TMO-01"])
    }
  }

  @Test("It fires where IPVS starts again after a time without kube-proxy")
  func enabling() {
    #expect(
      finding(IdleConnectionsCut.self, in: change(.disabled, .ipvs(), Self.keepalive(7200), lastMode: .ipvs)) != nil)
  }

  @Test("It is silent if keepalives are frequent enough, and fires if there are none")
  func keepalives() {
    func severity(_ timeout: Int, _ seconds: Int) -> Severity? {
      IdleConnectionsCut.evaluate(change(.iptables, .ipvs(nil, [.tcp: timeout]), Self.keepalive(seconds)))?.severity
    }
    #expect(severity(600, 599) == nil)
    #expect(severity(600, 600) == .medium)
    #expect(severity(600, 0) == .medium)
    #expect(severity(600, Int(Int32.max)) == .medium)
    #expect(severity(86_400, 0) == nil)
  }

  @Test("With the interval unknown it takes the kernel's default, and names the fact")
  func unknown() {
    func ask(_ before: KubeProxyConfig, _ timeout: Int) -> Finding? {
      IdleConnectionsCut.evaluate(change(before, .ipvs(nil, [.tcp: timeout])))
    }
    let raised = ask(.ipvs(nil, [.tcp: 600]), 1200)
    #expect(raised?.certainty == .unknown)
    #expect(raised?.severity == .low)
    #expect(raised?.missingFact == .keepaliveSeconds)
    #expect(raised?.remedy.contains("--keepalive-seconds") == true)
    #expect(ask(.iptables, 7200)?.severity == .medium)
    #expect(ask(.iptables, 7201) == nil)
  }

  @Test("A timeout that the kernel refuses or may refuse is not relied on")
  func refused() {
    let facts = Self.keepalive(7200)
    #expect(IdleConnectionsCut.evaluate(change(.ipvs(), .ipvs(nil, [.tcp: Int(Int32.max)]), facts)) == nil)
    #expect(IdleConnectionsCut.evaluate(change(.ipvs(), .ipvs(nil, [.tcp: 5_000_000]), facts))?.certainty == .may)
  }

  @Test("It is silent for another timeout, the same value, the kernel's default as a value, a removal, and creation")
  func silent() {
    let facts = Self.keepalive(7200)
    #expect(
      IdleConnectionsCut.evaluate(change(.ipvs(nil, [.tcp: 600]), .ipvs(nil, [.tcp: 600, .udp: 60]), facts)) == nil)
    #expect(IdleConnectionsCut.evaluate(change(.ipvs(), .ipvs(nil, [.tcp: 900]), facts)) == nil)
    #expect(IdleConnectionsCut.evaluate(change(.ipvs(nil, [.tcp: 600]), .ipvs(), facts)) == nil)
    #expect(IdleConnectionsCut.evaluate(change(.ipvs(), .nftables, facts)) == nil)
    #expect(IdleConnectionsCut.evaluate(change(nil, .ipvs(), facts)) == nil)
  }
}
