// Plays a recorded conversation to a daemon, and reports where the daemon answers something else.

import ExactJSON
import Foundation

/// Owns the daemon, which a transcript may stop and start again.
final class TranscriptPlayer {
  /// How a received line is compared with the recorded one.
  enum Comparison {
    /// Byte for byte.
    case exact
    /// With times, actors, paths and versions masked on both sides, and without `AllowedDifferences.newMembers`.
    case masked
  }

  /// Where answers differ, for a person: the first twenty places, since one difference often brings others.
  private(set) var differences: [String] = []
  private static let differencesAtMost = 20

  private let scratch: Scratch
  private let database: String?
  private var daemon: RunningDaemon?
  private var connections: [String: LineClient] = [:]
  private var replies: [Int: JSON] = [:]

  /// Starts a daemon on `database`, or on an empty ledger. `replies` are recorded ones to which lines may refer.
  init(in scratch: Scratch, database: String? = nil, replies: [Int: String] = [:]) throws {
    self.scratch = scratch
    self.database = database
    self.replies = try replies.mapValues { try JSON(parsing: $0) }
    daemon = try RunningDaemon(in: scratch, database: database)
  }

  /// Sends what was sent, and compares what comes back with what came back then.
  func play(_ lines: [Transcript.Line], _ comparison: Comparison) throws {
    for line in lines {
      switch line.step {
      case .send(let connection, let text): try send(text, on: connection)
      case .receive(let connection, let recorded):
        guard let now = try client(connection).readBytes() else {
          throw Failure("line \(line.number): the daemon ended the connection \(connection)")
        }
        try compare(recorded, String(decoding: now, as: UTF8.self), comparison, line.number)
      case .restart(let arguments):
        try stop()
        daemon = try RunningDaemon(in: scratch, database: database, arguments: arguments)
      case .ended(let connection):
        if let more = try client(connection).readLine() { differ(line.number, "nothing", more) }
        connections[connection] = nil
      case .close(let connection): connections[connection] = nil
      }
    }
  }

  /// Sends one line of a transcript on the connection `main`, and returns the line that comes back.
  func ask(_ text: String) throws -> String? {
    try send(text, on: "main")
    return try client("main").readLine()
  }

  /// Stops the daemon; throws where it does not end well, or met an error of its own.
  func stop() throws {
    connections = [:]
    guard let daemon else { return }
    self.daemon = nil
    let status = daemon.stop()
    let log = try daemon.lastWords()
    guard status == 0, !log.contains("incident") else { throw Failure("the daemon ended with \(status): \(log)") }
  }

  private func client(_ name: String) throws -> LineClient {
    if let client = connections[name] { return client }
    guard let client = try daemon?.connect() else { throw Failure("the daemon was stopped") }
    connections[name] = client
    return client
  }

  private func send(_ text: String, on connection: String) throws {
    let sent = try Transcript.Sent(text) { id in
      guard let reply = replies[id] else { throw Failure("\(text) refers to a reply that did not come") }
      return reply
    }
    let client = try client(connection)
    client.send(sent.bytes)
    if sent.isLast { client.finishSending() }
  }

  private func compare(_ recorded: String, _ now: String, _ comparison: Comparison, _ number: Int) throws {
    let rewritten = AllowedDifferences.rewritten.reduce(recorded) {
      $0.replacingOccurrences(of: $1.recorded, with: $1.today, options: .regularExpression)
    }
    switch comparison {
    case .exact:
      // A refusal is written today; everything else was written then.
      let expected = try JSON(parsing: recorded)["error"] == nil ? recorded : rewritten
      if !now.utf8.elementsEqual(expected.utf8) { differ(number, expected, now) }
    case .masked:
      let reply = try JSON(parsing: now)
      if let id = reply["id"]?.intValue { replies[id] = reply }
      // Masking takes longer than all the rest, and only lines with a clock or an actor need it.
      guard !now.utf8.elementsEqual(rewritten.utf8) else { return }
      let (before, after) = (try JSON(parsing: rewritten).masked.text, reply.withoutNewMembers.masked.text)
      if !after.utf8.elementsEqual(before.utf8) { differ(number, before, after) }
    }
  }

  /// Notes a difference, with the text around the place where it begins.
  private func differ(_ number: Int, _ recorded: String, _ now: String) {
    guard differences.count < Self.differencesAtMost else { return }
    let common = zip(recorded, now).prefix { $0 == $1 }.count
    func around(_ text: String) -> Substring { text.dropFirst(max(0, common - 80)).prefix(240) }
    differences.append("line \(number)\n  recorded: \(around(recorded))\n  now:      \(around(now))\n")
  }
}

extension JSON {
  /// A line without what differs from one run, machine or version to the next.
  fileprivate var masked: JSON {
    withoutWhoAndWhen.editing { path, value in
      switch path {
      case "result.info.version", "result.socket", "result.database": "MASKED"
      // That of `registry.describe`; an extension's version is compared.
      case "result.version" where self["result"]?["socket"] != nil: "MASKED"
      default: value
      }
    }
  }

  /// A line of today's daemon without the members that reports did not have then.
  fileprivate var withoutNewMembers: JSON {
    guard !AllowedDifferences.newMembers.isEmpty else { return self }
    return editing { path, value in
      AllowedDifferences.newMembers.contains { path.hasSuffix(".\($0)") } ? nil : value
    }
  }

  /// The value with each member replaced by what `edit` returns for its path, or left out for `nil`. A path is the
  /// names of the members down to this one; an array adds nothing to it.
  private func editing(_ path: String = "", _ edit: (String, JSON) -> JSON?) -> JSON {
    switch self {
    case .array(let items): return .array(items.map { $0.editing(path, edit) })
    case .object(let object):
      return .object(
        JSONObject(
          object.members.compactMap { member in
            let place = path.isEmpty ? member.key : "\(path).\(member.key)"
            return edit(place, member.value).map { .init(key: member.key, value: $0.editing(place, edit)) }
          }))
    case .null, .bool, .integer, .number, .string: return self
    }
  }
}
