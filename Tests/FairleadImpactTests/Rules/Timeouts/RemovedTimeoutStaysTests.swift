// Tests of TMO-04: timeouts taken out of the document.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("TMO-04: a removed timeout stays in the kernel")
struct RemovedTimeoutStaysTests {
  @Test("It names each removed timeout with the value that stays and the value that restores the default")
  func fires() {
    let move = change(.ipvs(nil, [.tcp: 600, .tcpFin: 30, .udp: 60]), .ipvs(nil, [.tcpFin: 30]))
    let finding = finding(RemovedTimeoutStays.self, in: move)
    #expect(finding?.severity == .high)
    #expect(finding?.certainty == .will)
    #expect(finding?.detail.contains("tcpTimeoutSeconds 600 (kernel default 900)") == true)
    #expect(finding?.detail.contains("udpTimeoutSeconds 60 (kernel default 300)") == true)
    #expect(finding?.detail.contains("tcpFinTimeoutSeconds") == false)
    #expect(finding?.remedy.contains("{\"tcpTimeoutSeconds\": 900, \"udpTimeoutSeconds\": 300}") == true)
    #expect(caveats(of: move) == ["TMO-04"])
  }

  @Test("It is the caveat of a rollback from a new timeout")
  func wayBack() throws {
    let back = try #require(change(.ipvs(), .ipvs(nil, [.udp: 60])).reversed)
    #expect(caveats(of: back) == ["TMO-04"])
  }

  @Test("Where the value that may stay is the kernel's default, it is low and no caveat")
  func harmless() {
    let move = change(.ipvs(nil, [.tcp: 900, .tcpFin: 120, .udp: 300]), .ipvs())
    #expect(finding(RemovedTimeoutStays.self, in: move)?.severity == .info)
    #expect(caveats(of: move) == [])
  }

  @Test("A value that the kernel may have refused may be there, and one that it certainly refused is not")
  func refused() {
    let doubtful = change(.ipvs(nil, [.tcp: 5_000_000]), .ipvs())
    #expect(RemovedTimeoutStays.evaluate(doubtful)?.certainty == .may)
    #expect(caveats(of: doubtful) == ["TMO-04"])
    #expect(RemovedTimeoutStays.evaluate(change(.ipvs(nil, [.tcp: 600, .udp: Int(Int32.max)]), .ipvs())) == nil)
  }

  @Test("It is silent for a changed timeout, an added one, a move out of IPVS, and creation")
  func silent() {
    #expect(RemovedTimeoutStays.evaluate(change(.ipvs(nil, [.tcp: 600]), .ipvs(nil, [.tcp: 700]))) == nil)
    #expect(RemovedTimeoutStays.evaluate(change(.ipvs(), .ipvs(nil, [.tcp: 600]))) == nil)
    #expect(RemovedTimeoutStays.evaluate(change(.ipvs(nil, [.tcp: 600]), .iptables)) == nil)
    #expect(RemovedTimeoutStays.evaluate(change(nil, .ipvs())) == nil)
  }

  @Test("Where IPVS runs again, a value that an earlier revision left in the kernel may be there")
  func survivors() {
    let kernel: [IPVSTimeout: Int] = [.tcp: 600, .tcpFin: 120, .udp: 60]
    let move = change(.nftables, .ipvs(nil, [.udp: 30]), kernel: kernel)
    let finding = finding(RemovedTimeoutStays.self, in: move)
    #expect(finding?.severity == .high)
    #expect(finding?.certainty == .may)
    #expect(finding?.detail.contains("tcpTimeoutSeconds 600 (kernel default 900)") == true)
    #expect(finding?.detail.contains("udpTimeoutSeconds") == false)
    #expect(finding?.detail.contains("tcpFinTimeoutSeconds") == false)
    #expect(RemovedTimeoutStays.evaluate(change(.disabled, .ipvs(), lastMode: .ipvs, kernel: kernel)) != nil)
    #expect(RemovedTimeoutStays.evaluate(change(.nftables, .ipvs(nil, [.tcp: 600, .udp: 60]), kernel: kernel)) == nil)
    #expect(RemovedTimeoutStays.evaluate(change(nil, .ipvs(), kernel: kernel)) == nil)
  }

  @Test("A value that was there before a change is no caveat of its rollback")
  func wayBackFromElsewhere() throws {
    let back = try #require(change(.ipvs(), .nftables, kernel: [.tcp: 600]).reversed)
    #expect(caveats(of: back) == [])
  }

  @Test("It is silent for a timeout that an earlier change removed")
  func removedEarlier() {
    #expect(RemovedTimeoutStays.evaluate(change(.ipvs(), .leastConnection, kernel: [.tcp: 600])) == nil)
  }

  @Test("Its step checks the nodes, unless the value that stays is the default")
  func steps() {
    #expect(RemovedTimeoutStays.steps(for: change(.ipvs(nil, [.tcp: 600]), .ipvs())).map(\.phase) == [.after])
    #expect(RemovedTimeoutStays.steps(for: change(.ipvs(nil, [.tcp: 900]), .ipvs())) == [])
  }

  @Test("Timeouts in the document of a disabled kube-proxy were never written")
  func inert() {
    let before = KubeProxyConfig(enabled: false, mode: .ipvs, ipvs: IPVSConfig(timeouts: [.tcp: 600]))
    #expect(RemovedTimeoutStays.evaluate(change(before, .ipvs(), lastMode: .ipvs)) == nil)
  }
}
