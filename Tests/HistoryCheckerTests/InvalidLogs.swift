// Histories whose log differs from the answers, and what all illegal histories consist of.

import HistoryChecker
import ExactJSON
import Testing

/// A way to make a legal history illegal, and the one violation that it causes.
struct Spoilt: CustomTestStringConvertible, Sendable {
  let kind: Violation.Kind
  let how: String
  let spoil: @Sendable (inout Sample) -> Void

  init(_ kind: Violation.Kind, _ how: String, _ spoil: @escaping @Sendable (inout Sample) -> Void) {
    self.kind = kind
    self.how = how
    self.spoil = spoil
  }

  var testDescription: String { "\(kind.rawValue): \(how)" }
}

extension Spoilt {
  static let all = log + applies + reads + past + watches

  static let log: [Spoilt] = [
    Spoilt(.gapInLog, "a number is missing") { sample in
      sample.record("settled", extension: "2", actor: "system")
      sample.records[7] = renumbered(sample.records[7], 9)
      sample.listed = (1...8).map { sample.change($0) }
      sample.audited = [1, 2, 3, 4, 5, 6, 7, 9]
    },
    Spoilt(.strangeChange, "nobody asked for it") { $0.record("who", extension: "2") },
    Spoilt(.recordedTwice, "one request, two changes") { sample in
      sample.ask("7.0", "extension.set", ["name": "e", "version": "2", "message": "w20"], at: 400...400)
      sample.record("w20", extension: "2")
      sample.record("w20", extension: "2")
    },
    Spoilt(.recordedThoughRefused, "refused, and there") { sample in
      sample.record("w20", extension: "2")
      sample.ask(
        "7.0", "extension.set", ["name": "e", "version": "2", "message": "w20"], at: 400...410,
        refused: ["kind": "conflict"])
    },
    Spoilt(.lostChange, "acknowledged, and the log ends before") { sample in
      sample.record("w20", extension: "2")
      sample.ask("7.0", "extension.set", ["name": "e", "version": "2", "message": "w20"], at: 400...410, change: 8)
      sample.records.removeLast()
    },
    Spoilt(.changedChange, "acknowledged with another report") { sample in
      var answer = sample.answer(1).objectValue ?? JSONObject()
      answer["report"] = ["verdict": "high", "summary": "another", "overridden": []]
      sample.alter("1.0", outcome: .result(.object(answer), bytes: []))
    },
    Spoilt(.changedChange, "acknowledged with another state") { sample in
      var answer = sample.answer(1).objectValue ?? JSONObject()
      answer["cluster"] = sample.state(2)
      sample.alter("1.0", outcome: .result(.object(answer), bytes: []))
    },
    Spoilt(.auditDiffers, "two audit rows for one change") { $0.audited = [1, 2, 3, 4, 5, 6, 6, 7] },
    Spoilt(.auditDiffers, "no audit row for a change") { $0.audited = [1, 2, 3, 4, 5, 7] },
    Spoilt(.auditDiffers, "the daemon lists less than the file has") { sample in
      sample.listed = (1...6).map { sample.change($0) }
    },
    Spoilt(.auditDiffers, "the daemon lists another change than the file has") { sample in
      sample.listed = [1, 2, 3, 4, 5, 6, 6].map { sample.change($0) }
    },
    Spoilt(.replayDiffers, "other bytes for the same request") { sample in
      sample.alter("1.3", outcome: .result(sample.answer(2), bytes: sample.answer(2).bytes + [0x20]))
    },
    Spoilt(.replayDiffers, "a refusal of what was acknowledged") { sample in
      sample.alter("1.3", outcome: .refused(["kind": "conflict"]))
    },
    Spoilt(.ignoredGuard, "recorded under a revision that was not") { sample in
      sample.alter("1.4", params: Sample.of("web", ["message": "w6", "ifRevision": 1]))
    },
    Spoilt(.ignoredGuard, "recorded after a change that was not the last") { sample in
      sample.alter("1.4", params: Sample.of("web", ["message": "w6", "ifSeq": 1]))
    },
    Spoilt(.ignoredGuard, "created though it was there") { sample in
      sample.ask("7.0", "cluster.create", Sample.of("db", ["message": "w20", "labels": ["team": "a"]]), at: 400...400)
      sample.record("w20", "create", "db", revision: 2, config: [:])
    },
    Spoilt(.wrongEffect, "other labels than were asked for") { sample in
      sample.alter("4.1", params: Sample.of("db", ["message": "w8", "labels": ["team": "a"]]))
    },
    Spoilt(.wrongEffect, "another configuration than was asked for") { sample in
      for id in ["1.1", "1.3"] {
        sample.alter(
          id, params: Sample.of("web", ["message": "w2", "config": ["mode": "NFTABLES"], "requestId": "k"]))
      }
    },
    Spoilt(.wrongEffect, "a rollback to another revision") { sample in
      sample.alter("1.5", params: Sample.of("web", ["message": "w7", "toRevision": 2]))
    },
  ]

  // MARK: Applies

  static let applies: [Spoilt] = [
    Spoilt(.tornApply, "half of it is in the log, and nobody knows what was answered") { sample in
      sample.recordApply(onlyFirst: true)
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...400)
    },
    Spoilt(.tornApply, "another change stands in its middle") { sample in
      sample.record("w20.1", "create", "x", revision: 1, config: [:])
      sample.record("settled", extension: "2", actor: "system")
      sample.record("w20.2", "update", "db", revision: 2)
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...410, result: sample.applied([8, 10]))
    },
    Spoilt(.tornApply, "its changes stand in another order") { sample in
      sample.record("w20.2", "update", "db", revision: 2)
      sample.record("w20.1", "create", "x", revision: 1, config: [:])
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...400)
    },
    Spoilt(.tornApply, "a head in its middle") { sample in
      sample.recordApply()
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...410, result: sample.applied([8, 9]))
      sample.ask("8.0", "registry.health", [:], at: 404...405, result: ["head": 8])
    },
    Spoilt(.tornApply, "a list of clusters of which one is of after it and one of before it") { sample in
      sample.recordApply()
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...410, result: sample.applied([8, 9]))
      sample.ask(
        "8.0", "cluster.list", ["resourceGroup": "rg"], at: 390...420,
        result: ["items": [sample.state(5), sample.state(6), sample.state(8)]])
    },
    Spoilt(.staleRead, "its second change is not seen after its first was") { sample in
      sample.recordApply()
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...410, result: sample.applied([8, 9]))
      sample.ask("8.0", "cluster.get", Sample.of("x"), at: 402...403, result: sample.state(8))
      sample.ask("8.1", "cluster.get", Sample.of("db"), at: 404...405, result: sample.state(6))
    },
    Spoilt(.lostChange, "acknowledged, and its last change is not there") { sample in
      sample.recordApply()
      sample.ask(
        "7.0", "cluster.apply", Sample.apply(["atomic": false]), at: 400...410, result: sample.applied([8, 9]))
      sample.records.removeLast()
    },
    Spoilt(.changedChange, "answered with another number than that of its last change") { sample in
      sample.recordApply()
      var answer = sample.applied([8, 9]).objectValue ?? JSONObject()
      answer["seq"] = 8
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...410, result: .object(answer))
    },
    Spoilt(.recordedThoughRefused, "one that is refused alone is there") { sample in
      sample.recordApply()
      sample.ask(
        "7.0", "cluster.apply", Sample.apply(["atomic": false]), at: 400...410,
        result: ["seq": 8, "results": sample.applied([8, nil])["results"] ?? .null])
    },
    Spoilt(.replayDiffers, "other bytes for the same apply") { sample in
      sample.recordApply()
      let params = Sample.apply(["requestId": "x"])
      sample.ask("7.0", "cluster.apply", params, at: 400...410, result: sample.applied([8, 9]))
      sample.ask("8.0", "cluster.apply", params, at: 420...430, result: sample.applied([8, 9]))
      sample.alter("8.0", outcome: .result(sample.applied([8, 9]), bytes: [0x20]))
    },
    Spoilt(.wrongEffect, "one of its changes has other labels than were asked for") { sample in
      sample.record("w20.1", "create", "x", revision: 1, config: [:], team: "b")
      sample.record("w20.2", "update", "db", revision: 2)
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...400)
    },
    Spoilt(.falseRefusal, "refused as a whole since something was not there that was") { sample in
      sample.ask(
        "7.0", "cluster.apply", Sample.apply(), at: 212...215, refused: ["kind": "not-found", "index": 1])
    },
    Spoilt(.falseRefusal, "one of its changes is refused with what was over by then") { sample in
      sample.recordApply(onlyFirst: true)
      sample.ask(
        "7.0", "cluster.apply", Sample.apply(["atomic": false]), at: 400...410,
        result: sample.applied([8, nil], refusal: ["kind": "conflict", "path": "ifSeq", "actual": 3]))
    },
  ]

  private static func renumbered(_ record: JSON, _ seq: Int) -> JSON {
    var object = record.objectValue ?? JSONObject()
    object["seq"] = .integer(seq)
    return .object(object)
  }
}
