// The known facts about a cluster, and how a request changes them.

package import ExactJSON

/// A fact's value, of the kind that its key has.
package enum FactValue: Sendable, Hashable {
  case version(DottedVersion)
  case count(Int)
  case bool(Bool)
  case word(String)

  /// Reads `value` as the kind of `key`. `path` is evaluated only where the value is refused.
  package init(_ value: JSON, for key: FactKey, path: @autoclosure () -> String) throws(Refusal) {
    switch (key.kind, value) {
    case (.version, .string(let text)):
      guard let version = DottedVersion(text) else {
        throw .invalid(
          path(), "cannot take '\(text.excerpt)' for \(path()): it is a version of dotted numbers, such as 1.33.2")
      }
      self = .version(version)
    case (.version, _):
      throw .invalid(
        path(), "cannot take \(value.typeName) for \(path()): it is a version as a string, such as \"1.33.2\"")
    case (.count, .integer(let count)) where count >= 0 && count <= Int(Int32.max):
      self = .count(count)
    case (.count, .integer(let count)):
      throw .invalid(path(), "cannot take \(count) for \(path()): it is from 0 to \(Int32.max)")
    case (.count, .number(let lexeme)):
      let form = JSON.isFractional(lexeme) ? ", \(JSON.notAnInteger(lexeme))" : ""
      throw .invalid(
        path(), "cannot take \(lexeme.excerpt) for \(path()): it is a whole number from 0 to \(Int32.max)\(form)")
    case (.count, _):
      throw .invalid(path(), "cannot take \(value.typeName) for \(path()): it is a non-negative integer")
    case (.bool, .bool(let bool)):
      self = .bool(bool)
    case (.bool, _):
      throw .invalid(path(), "cannot take \(value.typeName) for \(path()): it is true or false")
    case (.word(let words), .string(let word)):
      guard words.containsBytes(of: word) else { throw .unknownValue(word, at: path(), known: words) }
      self = .word(word)
    case (.word(let words), _):
      throw .invalid(
        path(), "cannot take \(value.typeName) for \(path()): it is one of \(words.joined(separator: ", "))")
    }
  }

  /// Whether both are written the same way: 1.33 and 1.33.0 are equal, but written differently.
  package func isWritten(like other: FactValue?) -> Bool {
    if case .version(let version) = self, case .version(let another) = other {
      return version.numbers == another.numbers
    }
    return self == other
  }

  package var json: JSON {
    switch self {
    case .version(let version): .string(version.text)
    case .count(let count): .integer(count)
    case .bool(let bool): .bool(bool)
    case .word(let word): .string(word)
    }
  }
}

/// The facts that are known. A missing key is unknown, and no rule may take that for "no".
package struct ClusterFacts: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  /// By the key's number: a report looks up more than a hundred facts, which took a tenth of its time with a dictionary.
  private var slots = [FactValue?](repeating: nil, count: FactKey.allCases.count)

  package init(_ values: [FactKey: FactValue] = [:]) {
    for (key, value) in values { self[key] = value }
  }

  package subscript(key: FactKey) -> FactValue? {
    get { slots[key.place] }
    set { slots[key.place] = newValue }
  }

  /// The known facts, by key.
  package var values: [FactKey: FactValue] {
    Dictionary(uniqueKeysWithValues: FactKey.allCases.compactMap { key in self[key].map { (key, $0) } })
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init()
    for member in reader.object.members {
      let (key, value) = try FactsPatch.read(member, in: reader)
      self[key] = value
    }
  }

  package func write(to text: inout JSONWriter) {
    for key in FactKey.allCases {
      switch self[key] {
      case .version(let version): text.set(key.rawValue, version.text)
      case .count(let count): text.set(key.rawValue, count)
      case .bool(let bool): text.set(key.rawValue, bool)
      case .word(let word): text.set(key.rawValue, word)
      case nil: break
      }
    }
  }

  package func version(_ key: FactKey) -> DottedVersion? {
    if case .version(let version) = self[key] { version } else { nil }
  }

  package func count(_ key: FactKey) -> Int? {
    if case .count(let count) = self[key] { count } else { nil }
  }

  package func bool(_ key: FactKey) -> Bool? {
    if case .bool(let bool) = self[key] { bool } else { nil }
  }

  package func word(_ key: FactKey) -> String? {
    if case .word(let word) = self[key] { word } else { nil }
  }

  package mutating func apply(_ patch: FactsPatch) {
    for (key, value) in patch.changes { self[key] = value }
  }
}

/// Facts to set, and facts to forget (`nil`).
package struct FactsPatch: Sendable, Hashable {
  package let changes: [FactKey: FactValue?]

  package init(_ changes: [FactKey: FactValue?] = [:]) { self.changes = changes }

  /// Reads `{key: value}`, where `null` clears a fact.
  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    var changes: [FactKey: FactValue?] = [:]
    for member in reader.object.members {
      let (key, value) = try Self.read(member, in: reader)
      changes.updateValue(value, forKey: key)
    }
    self.changes = changes
  }

  fileprivate static func read(
    _ member: JSONObject.Member, in reader: JSONObjectDecoder
  ) throws(Refusal) -> (FactKey, FactValue?) {
    guard let key = FactKey(bytesOf: member.key) else {
      throw .unknownKey(member.key, in: reader.path, known: FactKey.allCases.map(\.rawValue))
    }
    guard !member.value.isNull else { return (key, nil) }
    return (key, try FactValue(member.value, for: key, path: reader.path(of: member.key)))
  }
}
