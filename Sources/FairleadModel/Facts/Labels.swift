// Free labels on a cluster, which lists and audit queries select by.

package import ExactJSON

/// Labels by key, written in the byte order of their keys.
package struct Labels: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package var values: [String: String]

  package init(_ values: [String: String] = [:]) { self.values = values }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init()
    apply(try LabelsPatch(recorded: reader))
  }

  package func write(to text: inout JSONWriter) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) { text.set(key, value) }
  }

  package mutating func apply(_ patch: LabelsPatch) {
    for (key, value) in patch.changes { values[key] = value }
  }

  /// Equal in their bytes. Keys are ASCII, so a dictionary finds them by theirs.
  package static func == (a: Labels, b: Labels) -> Bool {
    a.values.count == b.values.count && a.values.allSatisfy { b.values[$0.key]?.hasSameBytes(as: $0.value) == true }
  }
}

/// Labels to set, and labels to remove (`nil`).
package struct LabelsPatch: Sendable, Hashable {
  package let changes: [String: String?]

  /// Equal in their bytes, as labels are.
  package static func == (a: LabelsPatch, b: LabelsPatch) -> Bool {
    a.changes.count == b.changes.count
      && a.changes.allSatisfy { key, value in
        guard let other = b.changes[key] else { return false }
        return value.map { other?.hasSameBytes(as: $0) == true } ?? (other == nil)
      }
  }

  package init(_ changes: [String: String?] = [:]) { self.changes = changes }

  /// Reads `{key: value}`, where `null` removes a label.
  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    try self.init(recorded: reader)
    for (key, value) in changes {
      guard let value else { continue }
      try value.checkControlCharacters(allowed: .none, at: reader.path(of: key))
      // An empty value is none, which a reader sees; Azure's tags have such, too.
      if !value.isEmpty { try value.checkVisible(at: reader.path(of: key)) }
    }
  }

  /// The same for labels that a ledger holds. Version 0.1.0 took the bidirectional marks in a value.
  fileprivate init(recorded reader: JSONObjectDecoder) throws(Refusal) {
    // Before anything is built. A label that is removed does not count, and the planner counts those that a cluster has.
    let count = reader.object.members.count
    if count > Limits.labels {
      let set = reader.object.members.count { !$0.value.isNull }
      guard set <= Limits.labels else {
        throw .invalid(reader.path, "cannot take \(set) labels: \(Limits.labels) is the limit; leave some out")
      }
    }
    var changes: [String: String?] = [:]
    changes.reserveCapacity(count)
    for member in reader.object.members {
      // Computed only where it is needed: for the text of a refusal.
      var path: String { reader.path(of: member.key) }
      try Self.check(key: member.key, at: path)
      switch member.value {
      case .null: changes.updateValue(nil, forKey: member.key)
      case .string(let value):
        guard value.utf8.count <= Limits.labelValueBytes else {
          throw .invalid(
            path, "cannot take this value for \(path): it is at most \(Limits.labelValueBytes) bytes of printable text")
        }
        changes.updateValue(value, forKey: member.key)
      default:
        throw .invalid(path, "cannot take \(member.value.typeName) for \(path): it is a string, or null to remove it")
      }
    }
    self.changes = changes
  }

  private static func check(key: String, at path: @autoclosure () -> String) throws(Refusal) {
    let isGood =
      (1...Limits.labelKeyBytes).contains(key.utf8.count)
      && NameBytes("-_./").hold(key)
    guard isGood else {
      throw .invalid(
        path(),
        "cannot take '\(key.excerpt)' as a label's key: it is 1 to \(Limits.labelKeyBytes) letters, digits, '-', '_', '.' or '/'"
      )
    }
  }
}
