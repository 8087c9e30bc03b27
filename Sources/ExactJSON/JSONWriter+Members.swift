// What callers of a JSONWriter write: members, items, and nested objects and arrays.

extension JSONWriter {
  // MARK: Members

  package mutating func set(_ key: String, _ value: String) {
    write(key: key)
    quote(value)
  }

  package mutating func set(_ key: String, _ value: Int) {
    write(key: key)
    put(digitsOf: value)
  }

  package mutating func set(_ key: String, _ value: Bool) {
    write(key: key)
    put(value ? "true" : "false")
  }

  package mutating func set(_ key: String, _ value: JSON) {
    write(key: key)
    write(value)
  }

  package mutating func set(_ key: String, _ values: [String]) {
    beginArray(key)
    for value in values { append(value) }
    endArray()
  }

  package mutating func set(_ key: String, _ values: [Int]) {
    beginArray(key)
    for value in values {
      separate()
      put(digitsOf: value)
    }
    endArray()
  }

  package mutating func set(_ key: String, ifPresent value: String?) { if let value { set(key, value) } }
  package mutating func set(_ key: String, ifPresent value: Int?) { if let value { set(key, value) } }
  package mutating func set(_ key: String, ifPresent value: JSON?) { if let value { set(key, value) } }

  package mutating func setNull(_ key: String) {
    write(key: key)
    put("null")
  }

  /// A member whose value is JSON text already.
  package mutating func set(_ key: String, encoded value: [UInt8]) {
    write(key: key)
    put(value)
  }

  // MARK: Items of an array

  package mutating func append(_ value: String) {
    separate()
    quote(value)
  }

  package mutating func append(_ value: JSON) {
    separate()
    write(value)
  }

  /// An item that is JSON text already.
  package mutating func append(encoded value: [UInt8]) {
    separate()
    put(value)
  }

  // MARK: Nesting

  package mutating func beginObject() {
    separate()
    put(UInt8(ascii: "{"))
  }

  package mutating func beginObject(_ key: String) {
    write(key: key)
    put(UInt8(ascii: "{"))
  }

  package mutating func endObject() { put(UInt8(ascii: "}")) }

  package mutating func beginArray(_ key: String) {
    write(key: key)
    put(UInt8(ascii: "["))
  }

  package mutating func endArray() { put(UInt8(ascii: "]")) }

  /// Ends the text as a line of the protocol.
  package mutating func endLine() { put(UInt8(ascii: "\n")) }

  // MARK: Trees

  mutating func write(_ value: JSON) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .integer(let value): put(digitsOf: value)
    case .number(let lexeme): put(Array(lexeme.utf8))
    case .string(let value): quote(value)
    case .array(let items):
      put(UInt8(ascii: "["))
      for item in items { append(item) }
      endArray()
    case .object(let object):
      put(UInt8(ascii: "{"))
      for member in object.members { set(member.key, member.value) }
      endObject()
    }
  }
}
