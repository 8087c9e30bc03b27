// Each requested change: an acknowledged one is in the log once and unchanged, a refused one is not.

internal import ExactJSON

extension Verifier {
  mutating func checkChanges() {
    for (message, attempts) in requests.sorted(by: { ($0.value[0].id, $0.key) < ($1.value[0].id, $1.key) }) {
      let entries = recorded[message] ?? []
      for attempt in attempts { check(attempt, entries) }
      checkReplays(attempts.sorted { $0.invoked < $1.invoked })
      // An attempt without an answer may have been recorded; a change whose attempts were all refused was not.
      if let entry = entries.first, attempts.allSatisfy({ $0.answer != nil && $0.result?["seq"]?.intValue == nil }) {
        report(
          .recordedThoughRefused, attempts.map(\.id),
          "\(attempts[0].title) was answered without a change, and the log has it as \(entry.seq)")
      }
    }
  }

  private mutating func check(_ attempt: Operation, _ entries: [LogEntry]) {
    guard let result = attempt.result, let seq = result["seq"]?.intValue else { return }
    guard let entry = entries.first(where: { $0.seq == seq }) else {
      let there = index[seq].map { "\($0.title) is there" } ?? "the log ends with \(index.lastSeq)"
      report(.lostChange, [attempt.id], "\(attempt.title) was answered with change \(seq), and \(there)")
      return
    }
    let resource = entry.kind
    var recorded = entry.record["answered"] ?? entry.record["effects"]?[resource]
    if resource != "cluster", var object = recorded?.objectValue {
      // The log keeps more about a registration than an answer shows.
      object["updatedSeq"] = nil
      recorded = .object(object)
    }
    for (part, answered, kept) in [
      ("report", result["report"], entry.record["report"]), (resource, result[resource], recorded),
      ("revision", result["revision"], resource == "cluster" ? entry.state?["revision"] : nil),
    ] where answered?.canonical != kept?.canonical {
      report(
        .changedChange, [attempt.id],
        "\(attempt.title) was answered another \(part) than change \(seq) has in the log: "
          + "\(answered?.text ?? "none") and \(kept?.text ?? "none")")
    }
  }

  /// A request id has one change and one answer, whatever happens between its attempts.
  private mutating func checkReplays(_ attempts: [Operation]) {
    var first: (Operation, [UInt8])?
    for attempt in attempts {
      guard let answer = attempt.answer else { continue }
      switch answer.outcome {
      case .result(let result, let bytes):
        guard result["seq"]?.intValue != nil else { continue }
        if let (original, expected) = first, expected != bytes {
          report(
            .replayDiffers, [original.id, attempt.id],
            "\(attempt.title) repeats \(original.title) and was answered other bytes: "
              + "\(String(decoding: bytes, as: UTF8.self)) for \(String(decoding: expected, as: UTF8.self))")
        }
        if first == nil { first = (attempt, bytes) }
      case .refused(let data):
        guard let (original, _) = first, let returned = original.answer?.returned, returned < attempt.invoked,
          Self.looked(data)
        else { continue }
        report(
          .replayDiffers, [original.id, attempt.id],
          "\(attempt.title) repeats \(original.title), which was answered before, and was refused: \(data.text)")
      }
    }
  }

  /// Whether a refusal says something about the registry, and not only that the daemon was busy.
  static func looked(_ data: JSON) -> Bool {
    switch data["kind"]?.stringValue {
    case "busy", "unavailable", "internal": false
    default: true
    }
  }
}
