// The IPVS timeouts that the kernels have, derived from the documents that ran.

import FairleadModel
import Testing

@testable import FairleadImpact

@Suite("IPVS timeouts in force")
struct TimeoutsInForceTests {
  static let pastInt = Int(Int32.max)

  /// The timeouts that these documents, newest first, have left in the kernels.
  static func written(_ history: some Sequence<KubeProxyConfig>) -> [IPVSTimeout: Int] {
    KernelTimeouts(newestFirst: history.enumerated().lazy.map { (revision: 100 - $0.offset, config: $0.element) })
      .seconds
  }

  @Test("The newest value that was written counts, whatever ran since")
  func newest() {
    let history: [KubeProxyConfig] = [
      .nftables, .ipvs(nil, [.tcp: 600]), .disabled, .ipvs(nil, [.tcp: 1200, .udp: 60]), .iptables,
    ]
    #expect(Self.written(history) == [.tcp: 600, .udp: 60])
    #expect(Self.written([]) == [:])
  }

  @Test("A value that the kernel certainly refused was never written, nor was one of a disabled kube-proxy's document")
  func notWritten() {
    let inert = KubeProxyConfig(enabled: false, mode: .ipvs, ipvs: IPVSConfig(timeouts: [.tcp: 60]))
    let history: [KubeProxyConfig] = [inert, .ipvs(nil, [.tcp: 300, .udp: Self.pastInt]), .ipvs(nil, [.tcp: 600])]
    #expect(Self.written(history) == [.tcp: 600])
  }

  @Test("Only as much of the history is read as is needed")
  func lazy() {
    var read = 0
    let history = sequence(first: 0) { $0 + 1 }.lazy.map { _ in
      read += 1
      return KubeProxyConfig.ipvs(nil, [.tcp: 1, .tcpFin: 2, .udp: 3])
    }
    #expect(Self.written(history).count == 3)
    #expect(read == 1)
  }

  @Test("From one revision to the next the newest values are kept, and too old ones are dropped")
  func onward() {
    func revision(_ number: Int, _ origin: Origin, _ config: KubeProxyConfig?) -> Revision {
      Revision(
        revision: number, baseRevision: number - 1, origin: origin, config: config, seq: number,
        at: Timestamp(milliseconds: 0), actor: Actor(uid: 0, gid: 0, pid: 1, name: "root"), message: nil, restores: nil)
    }
    let start = KernelTimeouts(newestFirst: [(revision: 1, config: .ipvs(nil, [.tcp: 600, .udp: 60]))])
    let next = start.after(revision(2, .update, .ipvs(nil, [.tcp: 1200])))
    #expect(next?.seconds == [.tcp: 1200, .udp: 60])
    #expect(next?.after(revision(Limits.timeoutRevisions, .rollback, .iptables))?.seconds == [.tcp: 1200, .udp: 60])
    #expect(next?.after(revision(Limits.timeoutRevisions + 1, .revert, .iptables))?.seconds == [.tcp: 1200])
    #expect(next?.after(revision(3, .delete, nil))?.seconds == nil)
    #expect(next?.after(revision(4, .create, .iptables))?.seconds == nil)
  }

  @Test("A value in the document is certain, an unset one is the kernel's default, and a removed one stays")
  func inForce() {
    let set = change(.ipvs(), .ipvs(nil, [.tcp: 600]))
    #expect(set.timeoutBefore(.tcp).candidates == [900])
    #expect(!set.timeoutBefore(.tcp).isCertain)
    #expect(set.timeoutAfter(.tcp).candidates == [600])
    #expect(set.timeoutAfter(.tcp).isCertain)
    #expect(change(.ipvs(nil, [.tcp: 600]), .ipvs()).timeoutAfter(.tcp).candidates == [600])
  }

  @Test("If the kernel may refuse a value, or an earlier one may be left, there are several possible values")
  func doubtful() {
    let move = change(.nftables, .ipvs(nil, [.tcp: 5_000_000]), kernel: [.tcp: 600])
    #expect(move.timeoutAfter(.tcp).candidates == [5_000_000, 900, 600])
    #expect(move.timeoutAfter(.tcp).shortest == 600)
    #expect(move.timeoutAfter(.tcp).longest == 5_000_000)
    #expect(change(.ipvs(nil, [.tcp: 600]), .ipvs(nil, [.tcp: Self.pastInt])).timeoutAfter(.tcp).candidates == [600])
  }
}
