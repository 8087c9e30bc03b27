// Tests of TMO-05: a longer FIN timeout.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-05: a longer FIN timeout of IPVS")
struct FINTimeoutRaisedTests {
  @Test("A raise is certain from a set value, and may be one from the kernel's default")
  func fires() {
    let raised = finding(FINTimeoutRaised.self, in: change(.ipvs(nil, [.tcpFin: 60]), .ipvs(nil, [.tcpFin: 90])))
    #expect(raised?.severity == .medium)
    #expect(raised?.certainty == .will)
    #expect(raised?.detail.contains("from 60 s to 90 s") == true)
    let unset = FINTimeoutRaised.evaluate(change(.ipvs(), .ipvs(nil, [.tcpFin: 600])))
    #expect(unset?.certainty == .may)
    #expect(unset?.detail.contains("from 120 s (unset) to 600 s") == true)
  }

  @Test("For a move into IPVS it compares with the kernel's default")
  func starting() {
    let finding = FINTimeoutRaised.evaluate(change(.iptables, .ipvs(nil, [.tcpFin: 121])))
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("above the kernel's default of 120") == true)
    #expect(FINTimeoutRaised.evaluate(change(.iptables, .ipvs(nil, [.tcpFin: 120]))) == nil)
  }

  @Test("What happens to a reused source port depends on the kernel, which it names as missing where unknown")
  func kernel() {
    func detail(_ facts: Facts) -> String? {
      FINTimeoutRaised.evaluate(change(.iptables, .ipvs(nil, [.tcpFin: 600]), facts))?.detail
    }
    #expect(detail([.minKernelVersion: .version(5, 9)])?.contains("source port") == false)
    #expect(detail([.minKernelVersion: .version(5, 4)])?.contains("On kernel 5.4 a client") == true)
    #expect(detail([:])?.contains("--min-kernel-version") == true)
  }

  @Test("With a value that the kernel may refuse it is not certain")
  func doubtful() {
    let move = change(.ipvs(nil, [.tcpFin: 60]), .ipvs(nil, [.tcpFin: 90, .udp: 5_000_000]))
    #expect(FINTimeoutRaised.evaluate(move)?.certainty == .may)
  }

  @Test(
    "It is silent for the same or a lower value, a refused one, a removal, a move out of IPVS, and creation; no fact decides that"
  )
  func silent() {
    let before = KubeProxyConfig.ipvs(nil, [.tcpFin: 600])
    #expect(FINTimeoutRaised.evaluate(change(before, .ipvs(.leastConnection, [.tcpFin: 600]))) == nil)
    #expect(FINTimeoutRaised.evaluate(change(before, .ipvs(nil, [.tcpFin: 300]))) == nil)
    #expect(FINTimeoutRaised.evaluate(change(before, .ipvs(nil, [.tcpFin: Int(Int32.max)]))) == nil)
    #expect(FINTimeoutRaised.evaluate(change(before, .ipvs())) == nil)
    #expect(FINTimeoutRaised.evaluate(change(before, .iptables)) == nil)
    #expect(FINTimeoutRaised.evaluate(change(nil, before)) == nil)
  }
}
