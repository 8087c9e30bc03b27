// Histories whose reads and watches contradict the log, and some that look odd and are legal.

import HistoryChecker
import ExactJSON

extension Spoilt {
  // MARK: Reads and refusals

  static let reads: [Spoilt] = [
    Spoilt(.unknownState, "a get of a state that never was") { sample in
      var state = sample.state(1).objectValue ?? JSONObject()
      state["config"] = Sample.ipvs
      sample.alter("2.0", outcome: .result(.object(state), bytes: []))
    },
    Spoilt(.unknownState, "a get of a change that the log does not have") { sample in
      var state = sample.state(1).objectValue ?? JSONObject()
      state["updatedSeq"] = 99
      sample.alter("2.0", outcome: .result(.object(state), bytes: []))
    },
    Spoilt(.unknownState, "a history with a hole") { sample in
      sample.alter("2.1", outcome: .result(["items": [sample.revision(2)]], bytes: []))
    },
    Spoilt(.unknownState, "a list of changes with a hole") { sample in
      sample.alter("2.3", outcome: .result(["items": [sample.change(2)]], bytes: []))
    },
    Spoilt(.unknownState, "a head past the end") { $0.alter("2.6", outcome: .result(["head": 99], bytes: [])) },
    Spoilt(.tornList, "two clusters that never stood like that together") { sample in
      sample.ask(
        "7.0", "cluster.list", ["resourceGroup": "rg"], at: 40...400,
        result: ["items": [sample.state(2), sample.state(6)]])
    },
    Spoilt(.tornList, "a cluster left out") { sample in
      sample.ask(
        "7.0", "cluster.list", ["resourceGroup": "rg"], at: 295...400, result: ["items": [sample.state(6)]])
    },
    Spoilt(.staleRead, "a get after an acknowledgement") { sample in
      sample.ask("7.0", "cluster.get", Sample.of("web"), at: 65...68, result: sample.state(1))
    },
    Spoilt(.staleRead, "a get after somebody else's get, the change still under way") { sample in
      // Change 3 was asked for at 170 and never answered; 2.4 saw it at 210.
      sample.ask("7.0", "change.list", ["after": 2, "limit": 20], at: 211...212, result: ["items": []])
    },
    Spoilt(.staleRead, "a list of changes after a watch brought one") { sample in
      sample.ask(
        "7.0", "change.list", ["after": 0, "limit": 20], at: 195...198,
        result: ["items": [sample.change(1), sample.change(2)]])
    },
    Spoilt(.staleRead, "a history after a rollback") { sample in
      sample.ask(
        "7.0", "cluster.history", Sample.of("web", ["limit": 1]), at: 275...278, result: ["items": [sample.revision(4)]]
      )
    },
    Spoilt(.staleRead, "a head after an acknowledgement") { sample in
      sample.ask("7.0", "registry.health", [:], at: 335...336, result: ["head": 6])
    },
    Spoilt(.earlyRead, "a change seen before it was asked for") { sample in
      sample.ask("7.0", "cluster.get", Sample.of("web"), at: 43...45, result: sample.state(2))
    },
    Spoilt(.falseRefusal, "a guard refused with a revision that was over") { sample in
      sample.ask(
        "7.0", "cluster.update", Sample.of("web", ["message": "w20", "ifRevision": 2]), at: 65...68,
        refused: ["kind": "conflict", "path": "ifRevision", "expected": 2, "actual": 1])
    },
    Spoilt(.falseRefusal, "a guard refused with a revision that was to come") { sample in
      sample.ask(
        "7.0", "cluster.update", Sample.of("web", ["message": "w20", "ifRevision": 1]), at: 30...40,
        refused: ["kind": "conflict", "path": "ifRevision", "expected": 1, "actual": 2])
    },
    Spoilt(.falseRefusal, "a guard refused with a change of another cluster") { sample in
      sample.ask(
        "7.0", "cluster.update", Sample.of("web", ["message": "w20", "ifSeq": 1]), at: 200...210,
        refused: ["kind": "conflict", "path": "ifSeq", "expected": 1, "actual": 3])
    },
    Spoilt(.falseRefusal, "not found while it was there") { sample in
      sample.ask("7.0", "cluster.get", Sample.of("web"), at: 275...279, refused: ["kind": "not-found"])
    },
    Spoilt(.falseRefusal, "there while it was deleted") { sample in
      sample.ask(
        "7.0", "cluster.create", Sample.of("web", ["message": "w20"]), at: 240...250,
        refused: ["kind": "already-exists"])
    },
    Spoilt(.writeOrder, "asked for after the other was answered, and recorded before it") { sample in
      sample.record("w20", extension: "2")
      sample.record("w21", extension: "3")
      sample.ask("7.0", "extension.set", ["name": "e", "version": "3", "message": "w21"], at: 400...410, change: 9)
      sample.ask("8.0", "extension.set", ["name": "e", "version": "2", "message": "w20"], at: 420...430, change: 8)
    },
    Spoilt(.ownWriteUnseen, "a read behind a change on one connection does not show it") { sample in
      sample.record("w20", "update", "db", revision: 2)
      sample.ask(
        "7.0", "cluster.update", Sample.of("db", ["message": "w20", "config": Sample.ipvs, "labels": ["team": "a"]]),
        at: 400...410, change: 8)
      sample.ask("7.1", "cluster.get", Sample.of("db"), at: 400...411, result: sample.state(6))
    },
    Spoilt(.requestsReordered, "two changes on one connection in the other order") { sample in
      sample.record("w20", extension: "2")
      sample.record("w21", extension: "3")
      sample.ask("7.0", "extension.set", ["name": "e", "version": "3", "message": "w21"], at: 400...410, change: 9)
      sample.ask("7.1", "extension.set", ["name": "e", "version": "2", "message": "w20"], at: 400...411, change: 8)
    },
  ]

  // MARK: The past

  static let past: [Spoilt] = [
    Spoilt(.unknownState, "a revision with another document than it had") { sample in
      sample.ask("7.0", "cluster.get", Sample.of("web", ["revision": 1]), at: 400...410, result: sample.state(2))
    },
    Spoilt(.unknownState, "a time with a later state") { sample in
      sample.laterUpdate()
      sample.ask(
        "7.0", "cluster.get", Sample.of("web", ["at": "2026-01-01T00:00:00.500Z"]), at: 420...430,
        result: sample.state(8))
    },
    Spoilt(.staleRead, "a time with an earlier state, though the change of that time was acknowledged") { sample in
      sample.ask(
        "7.0", "cluster.get", Sample.of("web", ["at": "2026-01-01T00:00:00.000Z"]), at: 65...68,
        result: sample.state(1))
    },
    Spoilt(.earlyRead, "a revision that was not asked for yet") { sample in
      sample.ask("7.0", "cluster.get", Sample.of("web", ["revision": 2]), at: 43...45, result: sample.state(2))
    },
    Spoilt(.falseRefusal, "no such revision, though it was acknowledged") { sample in
      sample.ask(
        "7.0", "cluster.get", Sample.of("web", ["revision": 1]), at: 22...25, refused: ["kind": "not-found"])
    },
    Spoilt(.falseRefusal, "nothing at a time at which there was something") { sample in
      sample.ask(
        "7.0", "cluster.get", Sample.of("web", ["at": "2026-01-01T00:00:00.000Z"]), at: 22...25,
        refused: ["kind": "not-found"])
    },
  ]

  // MARK: Watches

  static let watches: [Spoilt] = [
    Spoilt(.watchGap, "a change is left out") { $0.watches[0].events.remove(at: 2) },
    Spoilt(.watchGap, "a change that a filter lets through is left out") { $0.watches[1].events.remove(at: 2) },
    Spoilt(.watchGap, "the last change before the end is left out") { $0.watches[0].events.removeLast() },
    Spoilt(.watchDuplicate, "a change comes twice") { sample in
      sample.watches[1].events.insert(sample.watches[1].events[2], at: 3)
    },
    Spoilt(.watchOrder, "a change comes late") { $0.watches[1].events.swapAt(2, 3) },
    Spoilt(.watchStranger, "a change that the filter does not let through") { sample in
      sample.event(6, on: 1, at: 400, arrival: 9)
    },
    Spoilt(.watchStranger, "a change that was before the beginning") { sample in
      sample.watch("7.0", after: 7, WatchFilter(), at: 400...401)
      sample.event(7, on: 2, at: 402, arrival: 2)
    },
    Spoilt(.watchStranger, "a change with another text") { sample in
      var change = sample.change(3).objectValue ?? JSONObject()
      change["summary"] = "another"
      let event = sample.watches[0].events[2]
      sample.watches[0].events[2] = Watch.Event(at: event.at, arrival: event.arrival, change: .object(change))
    },
    Spoilt(.watchLate, "an own change comes after its reply") { sample in
      let event = sample.watches[0].events[5]
      sample.watches[0].events[5] = Watch.Event(at: event.at, arrival: 9, change: event.change)
    },
  ]

  // MARK: Legal

  static let odd: [Spoilt] = [
    Spoilt(.unknownState, "a revision is as it was, also after a delete") { sample in
      sample.ask("7.0", "cluster.get", Sample.of("web", ["revision": 1]), at: 400...410, result: sample.state(1))
      sample.ask("7.1", "cluster.get", Sample.of("web", ["revision": 3]), at: 411...420, result: sample.state(4))
      sample.ask(
        "7.2", "cluster.get", Sample.of("web", ["revision": 5]), at: 421...430, refused: ["kind": "not-found"])
    },
    Spoilt(.staleRead, "a time shows what was then, whatever came later") { sample in
      sample.laterUpdate()
      sample.ask(
        "7.0", "cluster.get", Sample.of("web", ["at": "2026-01-01T00:00:00.500Z"]), at: 420...430,
        result: sample.state(5))
      sample.ask(
        "7.1", "cluster.get", Sample.of("web", ["at": "2025-01-01T00:00:00.000Z"]), at: 431...440,
        refused: ["kind": "not-found"])
    },
    Spoilt(.tornApply, "an apply that nobody heard of is there as a whole") { sample in
      sample.recordApply()
      sample.ask("7.0", "cluster.apply", Sample.apply(), at: 400...400)
      sample.ask("9.0", "registry.health", [:], at: 420...430, result: ["head": 9])
    },
    Spoilt(.falseRefusal, "what an apply was refused in part is repeated with it, though it is over") { sample in
      let params = Sample.apply(["atomic": false, "requestId": "x"])
      sample.recordApply(onlyFirst: true)
      let answer = sample.applied([8, nil], refusal: ["kind": "conflict", "path": "ifSeq", "actual": 6])
      sample.ask("7.0", "cluster.apply", params, at: 400...410, result: answer)
      sample.record("w21", "update", "db", revision: 2)
      sample.ask(
        "9.0", "cluster.update", Sample.of("db", ["message": "w21", "config": Sample.ipvs, "labels": ["team": "a"]]),
        at: 420...430, change: 9)
      sample.ask("8.0", "cluster.apply", params, at: 440...450, result: answer)
    },
    Spoilt(.tornApply, "an apply that need not be whole is there in part") { sample in
      sample.recordApply(onlyFirst: true)
      sample.ask("7.0", "cluster.apply", Sample.apply(["atomic": false]), at: 400...400)
    },
    Spoilt(.recordedThoughRefused, "an apply is refused as a whole for one of its changes") { sample in
      sample.ask(
        "7.0", "cluster.apply", Sample.apply(), at: 400...410,
        refused: ["kind": "conflict", "index": 1, "path": "changes[1].params.ifSeq", "expected": 3, "actual": 6])
    },
    Spoilt(.staleRead, "a get that overlaps a change may show either") { sample in
      sample.ask("7.0", "cluster.get", Sample.of("web"), at: 55...58, result: sample.state(1))
      sample.ask("8.0", "cluster.get", Sample.of("web"), at: 54...59, result: sample.state(2))
    },
    Spoilt(.watchGap, "a watch that ended early") { sample in
      sample.watches[1].events.removeLast(3)
    },
    Spoilt(.recordedThoughRefused, "a retry is refused while the first attempt is still on its way") { sample in
      let params: JSON = ["name": "e", "version": "2", "message": "w20", "requestId": "x"]
      sample.record("w20", extension: "2")
      sample.ask("7.0", "extension.set", params, at: 400...400)
      sample.ask("8.0", "extension.set", params, at: 410...420, refused: ["kind": "conflict"])
    },
    Spoilt(.lostChange, "nothing to record is no change") { sample in
      sample.ask(
        "7.0", "cluster.update", Sample.of("web", ["message": "w20"]), at: 400...410,
        result: ["seq": .null, "cluster": sample.state(5)])
    },
    Spoilt(.strangeChange, "what the daemon settles of its own accord") {
      $0.record("settled", extension: "2", actor: "system")
    },
  ]
}
