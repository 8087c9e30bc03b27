// The JSON value that every boundary of Fairlead speaks: ordered, exact, and free of Foundation.

/// One JSON value. Object members keep the order in which they were written, and a number that is not an
/// integer keeps its digits, so that a value which was parsed is written again byte for byte.
package enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number written without fraction or exponent that fits 64 bits.
  case integer(Int)
  /// Any other number, as its source text: a fraction, an exponent, or an integer past 64 bits.
  case number(String)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// The members of a JSON object in order. Keys are unique: the parser refuses a duplicate.
package struct JSONObject: Sendable, Hashable {
  package struct Member: Sendable, Hashable {
    package let key: String
    package var value: JSON

    package init(key: String, value: JSON) {
      self.key = key
      self.value = value
    }
  }

  package private(set) var members: [Member]

  package init(_ members: [Member] = []) {
    self.members = members
  }

  package var isEmpty: Bool { members.isEmpty }
  package var keys: [String] { members.map(\.key) }

  /// The value under `key`. Setting `nil` removes the member; setting a new key appends it.
  package subscript(key: String) -> JSON? {
    get {
      // A loop, since `first(where:)` copies each member that it looks at.
      for index in members.indices where members[index].key.hasSameBytes(as: key) { return members[index].value }
      return nil
    }
    set {
      if let index = members.firstIndex(where: { $0.key.hasSameBytes(as: key) }) {
        if let newValue { members[index].value = newValue } else { members.remove(at: index) }
      } else if let newValue {
        members.append(Member(key: key, value: newValue))
      }
    }
  }

  /// Appends a member without looking for its key; for builders that know their keys are distinct.
  package mutating func append(_ key: String, _ value: JSON) {
    members.append(Member(key: key, value: value))
  }
}

extension JSON {
  /// Equal in their bytes, as they are written. See `String.hasSameBytes`.
  package static func == (a: JSON, b: JSON) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)), (.string(let a), .string(let b)): a.hasSameBytes(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    case (.null, _), (.bool, _), (.integer, _), (.number, _), (.string, _), (.array, _), (.object, _): false
    }
  }
}

extension JSONObject.Member {
  package static func == (a: Self, b: Self) -> Bool { a.key.hasSameBytes(as: b.key) && a.value == b.value }
}

extension JSON {
  /// The word for this value's type in messages to a person.
  package var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  package var isNull: Bool {
    if case .null = self { true } else { false }
  }

  package var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  package var intValue: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  package var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var arrayValue: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  package var objectValue: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The member `key` of an object; `nil` for a missing member and for anything that is not an object.
  package subscript(key: String) -> JSON? { objectValue?[key] }

  /// The same value with the members of every object in the byte order of their keys: equal values, however
  /// they were written, have equal canonical text.
  package var canonical: JSON {
    switch self {
    case .null, .bool, .integer, .number, .string: self
    case .array(let items): .array(items.map(\.canonical))
    case .object(let object): .object(object.canonical)
    }
  }
}

extension JSONObject {
  private static let fewMembers = 12

  fileprivate var canonical: JSONObject {
    var sorted = members
    for index in sorted.indices {
      switch sorted[index].value {
      case .array, .object: sorted[index].value = sorted[index].value.canonical
      case .null, .bool, .integer, .number, .string: break
      }
    }
    guard sorted.count > Self.fewMembers else { return JSONObject(Self.byInsertion(sorted)) }
    sorted.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return JSONObject(sorted)
  }

  /// For the few members of a usual request, which need fewer comparisons so than by a sort with its buffer.
  private static func byInsertion(_ members: [Member]) -> [Member] {
    var sorted = members
    for index in sorted.indices.dropFirst() {
      var place = index
      while place > 0, sorted[place].key.utf8.lexicographicallyPrecedes(sorted[place - 1].key.utf8) {
        sorted.swapAt(place, place - 1)
        place -= 1
      }
    }
    return sorted
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
  }
  // Not by `nil`: `condition ? nil : json` would then be `null` where "absent" is meant.
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init(elements.map { Member(key: $0.0, value: $0.1) })
  }
}
