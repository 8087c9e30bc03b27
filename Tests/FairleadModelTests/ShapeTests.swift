// The shapes of clusters, changes and lists as JSON, on the wire and in the log.

import ExactJSON
import FairleadModel
import Testing

@Suite("Shapes of records")
struct ShapeTests {
  private static let at = Timestamp(milliseconds: 1_795_381_485_003)
  private static let actor = Actor(uid: 1000, gid: 100, pid: 42, name: "ann")

  private static let cluster = Cluster(
    key: ClusterKey(resourceGroup: "rg", name: "web"), revision: 3,
    config: KubeProxyConfig(
      mode: .ipvs, ipvs: IPVSConfig(scheduler: .leastConnection, timeouts: [.udp: 10, .tcp: 900])),
    facts: ClusterFacts([.nodeCount: .count(4), .kubernetesVersion: .version(DottedVersion(1, 33, 2))]),
    labels: Labels(["team": "a \"b\"", "env": "prod"]), createdAt: at, updatedAt: at, updatedSeq: 7,
    pendingConfirm: PendingConfirm(
      seq: 7, revision: 3, restores: 2, deadline: at, bootDeadline: BootTime(boot: "b", milliseconds: 5)))

  private static func change() -> Change {
    let report = Report(
      seq: 7, subject: "rg/web", verdict: .high, summary: "update rg/web: mode IPTABLES -> IPVS (1 high)",
      notes: ["A \"note\"."],
      diff: [DiffEntry(path: "mode", before: "IPTABLES", after: "IPVS", beforeIsDefault: true)],
      findings: [
        Finding(
          rule: "X-01", severity: .high, certainty: .unknown, title: "t", detail: "d\n", remedy: "r", verify: "v",
          source: "s", missingFact: .nodeCount, folds: ["Y-02"])
      ],
      affected: Affected(clusters: 1, nodes: 4),
      rollback: RollbackAdvice(command: "fairlead rollback", clean: false, caveats: ["X-01"]),
      sequence: [Step(.during, "Do it.", commands: ["printf '\\n'"])])
    return Change(
      seq: 7, at: at, method: "cluster.update", kind: .cluster, subject: "rg/web", actor: actor, message: nil,
      requestID: "id", params: ["config": ["mode": "IPVS"]], report: report, effects: Effects(cluster: cluster))
  }

  private static let wireCluster =
    #"{"resourceGroup":"rg","name":"web","revision":3,"config":{"mode":"IPVS","ipvsConfig":"#
    + #"{"scheduler":"LeastConnection","tcpTimeoutSeconds":900,"udpTimeoutSeconds":10}},"effective":"#
    + #"{"enabled":true,"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection","tcpTimeoutSeconds":900,"#
    + #""udpTimeoutSeconds":10}},"facts":{"kubernetesVersion":"1.33.2","nodeCount":4},"#
    + #""labels":{"env":"prod","team":"a \"b\""},"createdAt":"2026-11-22T21:04:45.003Z","#
    + #""updatedAt":"2026-11-22T21:04:45.003Z","updatedSeq":7,"#
    + #""pendingConfirm":{"seq":7,"revision":3,"restores":2,"deadline":"2026-11-22T21:04:45.003Z"}}"#

  @Test("a cluster on the wire, and in the log with the boot clock's deadline as well")
  func clusters() throws {
    #expect(String(decoding: Self.cluster.text, as: UTF8.self) == Self.wireCluster)
    #expect(
      String(decoding: Self.cluster.ledgerText, as: UTF8.self)
        == Self.wireCluster.dropLast(2) + #","boot":{"id":"b","deadlineMs":5}}}"#)
    let record = try JSON(parsing: Self.cluster.ledgerText)
    #expect(try Cluster(JSONObjectDecoder(record, allowedKeys: nil)) == Self.cluster)
  }

  @Test("a boot deadline past the end of its clock is at that end")
  func bootDeadline() {
    #expect(BootTime(boot: "b", milliseconds: 5).adding(seconds: 2) == BootTime(boot: "b", milliseconds: 2005))
    for (start, seconds, end) in [(Int.max, 1, Int.max), (5, Int.max, .max), (Int.min, -1, .min), (5, .min, .min)] {
      #expect(BootTime(boot: "b", milliseconds: start).adding(seconds: seconds).milliseconds == end)
    }
  }

  @Test("a record and the answer to a change contain the encoded report unchanged")
  func splicing() throws {
    let change = Self.change()
    let report = change.report.text
    #expect(change.ledgerText(report: report) == change.ledgerJSON.bytes)
    let back = try Change(JSONObjectDecoder(JSON(parsing: change.ledgerText(report: report)), allowedKeys: nil))
    #expect(back == change)
    let outcome = ChangeOutcome(
      seq: 7, report: change.report, revision: 3, kind: .cluster, resource: change.answeredResource)
    #expect(outcome.reportText == report)
    #expect(outcome.resource == Self.cluster.text)
    #expect(outcome.text == outcome.json.bytes)
    #expect(
      String(decoding: change.text, as: UTF8.self)
        == #"{"seq":7,"at":"2026-11-22T21:04:45.003Z","method":"cluster.update","kind":"cluster","subject":"rg/web","#
        + #""actor":{"uid":1000,"gid":100,"pid":42,"name":"ann"},"message":null,"requestId":"id","verdict":"high","#
        + #""summary":"update rg/web: mode IPTABLES -> IPVS (1 high)","overridden":[]}"#)
  }

  @Test(
    "a time is encoded with all its digits",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_009, "2000-02-29T00:00:00.009Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
      (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ])
  func times(milliseconds: Int, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).text == text)
  }
}
