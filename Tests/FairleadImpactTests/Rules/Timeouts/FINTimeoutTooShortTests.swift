// Tests of TMO-06: a very short FIN timeout.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-06: a very short FIN timeout of IPVS")
struct FINTimeoutTooShortTests {
  @Test("It fires below 30 s, for a lowered value and for a new one; no fact decides it")
  func fires() {
    let lowered = finding(FINTimeoutTooShort.self, in: change(.ipvs(nil, [.tcpFin: 60]), .ipvs(nil, [.tcpFin: 29])))
    #expect(lowered?.severity == .low)
    #expect(lowered?.certainty == .may)
    #expect(lowered?.detail.contains("29 s after one end has closed it, instead of 60 s.") == true)
    #expect(
      FINTimeoutTooShort.evaluate(change(.ipvs(), .ipvs(nil, [.tcpFin: 10])))?.detail.contains("instead of 120 s")
        == true)
    let starting = FINTimeoutTooShort.evaluate(change(.nftables, .ipvs(nil, [.tcpFin: 1])))
    #expect(starting?.detail.contains("the kernel's default is 120 s.") == true)
  }

  @Test("It is silent from 30 s on, and for a raise, the same value, a refused one, and creation")
  func silent() {
    #expect(FINTimeoutTooShort.evaluate(change(.ipvs(), .ipvs(nil, [.tcpFin: 30]))) == nil)
    #expect(FINTimeoutTooShort.evaluate(change(.ipvs(nil, [.tcpFin: 5]), .ipvs(nil, [.tcpFin: 10]))) == nil)
    #expect(FINTimeoutTooShort.evaluate(change(.ipvs(nil, [.tcpFin: 5]), .ipvs(.leastConnection, [.tcpFin: 5]))) == nil)
    #expect(FINTimeoutTooShort.evaluate(change(.ipvs(), .ipvs(nil, [.tcpFin: 5, .udp: Int(Int32.max)]))) == nil)
    #expect(FINTimeoutTooShort.evaluate(change(.ipvs(nil, [.tcpFin: 5]), .ipvs())) == nil)
    #expect(FINTimeoutTooShort.evaluate(change(nil, .ipvs(nil, [.tcpFin: 5]))) == nil)
  }
}
