// Tests of TMO-03: a shorter TCP timeout.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-03: a shorter TCP timeout of IPVS")
struct TCPTimeoutLoweredTests {
  static func lowered(_ from: Int?, _ to: Int, _ facts: Facts = [:], kernel: [IPVSTimeout: Int] = [:]) -> ConfigChange {
    change(.ipvs(nil, from.map { [.tcp: $0] } ?? [:]), .ipvs(nil, [.tcp: to]), facts, kernel: kernel)
  }

  @Test("From one value to a smaller one it is certain")
  func fires() {
    let finding = finding(TCPTimeoutLowered.self, in: Self.lowered(1800, 600))
    #expect(finding?.severity == .high)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("from 1800 s to 600 s") == true)
    #expect(finding?.detail.contains("old deadline") == true)
  }

  @Test("An unset timeout is usually the kernel's 900 s, so that a decrease from there may happen")
  func unset() {
    let finding = TCPTimeoutLowered.evaluate(Self.lowered(nil, 600))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("from 900 s (unset) to 600 s") == true)
    #expect(TCPTimeoutLowered.evaluate(Self.lowered(nil, 900)) == nil)
    #expect(TCPTimeoutLowered.evaluate(Self.lowered(nil, 1200)) == nil)
  }

  @Test("A value that an earlier revision left in the kernel counts")
  func history() {
    let finding = TCPTimeoutLowered.evaluate(Self.lowered(nil, 1200, kernel: [.tcp: 3600]))
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("from 900 s or 3600 s (unset) to 1200 s") == true)
  }

  @Test("Frequent enough keepalives lower the severity; unknown ones count as the kernel's")
  func keepalives() {
    func severity(_ from: Int, _ to: Int, _ keepalive: Int?) -> Severity? {
      TCPTimeoutLowered.evaluate(Self.lowered(from, to, keepalive.map { [.keepaliveSeconds: .count($0)] } ?? [:]))?
        .severity
    }
    #expect(severity(1800, 600, 60) == .low)
    #expect(severity(1800, 600, 600) == .high)
    #expect(severity(1800, 600, 0) == .high)
    #expect(severity(20_000, 7200, nil) == .high)
    #expect(severity(20_000, 7201, nil) == .medium)
  }

  @Test("With the keepalives unknown it says that they are not recorded")
  func unknown() {
    #expect(TCPTimeoutLowered.evaluate(Self.lowered(1800, 600))?.detail.contains("--keepalive-seconds") == true)
  }

  @Test("It is silent for a decrease above a day, a raise, a refused value, a removal, a move, and creation")
  func silent() {
    #expect(TCPTimeoutLowered.evaluate(Self.lowered(200_000, 86_400)) == nil)
    #expect(TCPTimeoutLowered.evaluate(Self.lowered(600, 900)) == nil)
    #expect(TCPTimeoutLowered.evaluate(Self.lowered(600, 600)) == nil)
    #expect(
      TCPTimeoutLowered.evaluate(change(.ipvs(nil, [.tcp: 1800]), .ipvs(nil, [.tcp: 60, .udp: Int(Int32.max)]))) == nil)
    #expect(TCPTimeoutLowered.evaluate(change(.ipvs(nil, [.tcp: 1800]), .ipvs())) == nil)
    #expect(TCPTimeoutLowered.evaluate(change(.iptables, .ipvs(nil, [.tcp: 60]))) == nil)
    #expect(TCPTimeoutLowered.evaluate(change(nil, .ipvs(nil, [.tcp: 60]))) == nil)
  }

  @Test("It is silent if a value that the kernel may have refused before stays")
  func doubtful() {
    let before = KubeProxyConfig.ipvs(nil, [.tcp: 5_000_000])
    #expect(TCPTimeoutLowered.evaluate(change(before, .ipvs(.leastConnection, [.tcp: 5_000_000]))) == nil)
    #expect(TCPTimeoutLowered.evaluate(change(before, .ipvs(nil, [.tcp: 3600])))?.certainty == .may)
  }
}
