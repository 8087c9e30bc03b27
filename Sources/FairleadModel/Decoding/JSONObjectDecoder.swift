// Reads typed values out of a JSON object, and refuses what it does not know or cannot take, by its path.

package import ExactJSON

/// A value that is read from a JSON object.
protocol JSONObjectDecodable {
  /// - Throws: a refusal that names the member that is missing, unknown or of another type.
  init(_ reader: JSONObjectDecoder) throws(Refusal)
}

extension RawRepresentable where RawValue == String {
  /// The case of this word, byte for byte. A word that is longer than any is not compared, which would take long for some: see
  /// `String.hasSameBytes`.
  package init?(bytesOf word: String) {
    guard word.utf8.count <= 64 else { return nil }
    self.init(rawValue: word)
    guard rawValue.hasSameBytes(as: word) else { return nil }
  }
}

/// Reads typed values from a JSON object. `null` counts as absent everywhere but in `object`.
package struct JSONObjectDecoder: Sendable {
  package let object: JSONObject
  /// The path of this object in the parameters; empty at the top.
  package let path: String

  /// Refuses anything but an object, and any key that is not among `allowedKeys`. `allowedKeys: nil` lets every key pass.
  package init(_ value: JSON, path: String = "", allowedKeys: [String]?) throws(Refusal) {
    guard case .object(let object) = value else {
      let name = path.isEmpty ? "the parameters" : path
      throw .invalid(path, "cannot take \(value.typeName) for \(name): it is a JSON object")
    }
    try self.init(object, path: path, allowedKeys: allowedKeys)
  }

  package init(_ object: JSONObject, path: String = "", allowedKeys: [String]?) throws(Refusal) {
    if let allowedKeys {
      for member in object.members where !allowedKeys.containsBytes(of: member.key) {
        throw .unknownKey(member.key, in: path, known: allowedKeys)
      }
    }
    self.object = object
    self.path = path
  }

  /// The path of the member `key`, for a refusal.
  package func path(of key: String) -> String { path.isEmpty ? key.excerpt : "\(path).\(key.excerpt)" }

  /// The raw value, with `null` read as absent.
  package func value(_ key: String) -> JSON? {
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  private func wrongType(_ key: String, _ value: JSON, _ wanted: String) -> Refusal {
    .invalid(path(of: key), "cannot take \(value.typeName) for \(path(of: key)): it is \(wanted)")
  }

  private func missing(_ key: String) -> Refusal {
    .invalid(path(of: key), "cannot do without \(path(of: key)): it is required")
  }

  package func string(_ key: String) throws(Refusal) -> String? {
    guard let value = value(key) else { return nil }
    guard case .string(let string) = value else { throw wrongType(key, value, "a string") }
    return string
  }

  package func integer(_ key: String) throws(Refusal) -> Int? {
    guard let value = value(key) else { return nil }
    switch value {
    case .integer(let integer): return integer
    case .number(let lexeme):
      throw .invalid(
        path(of: key),
        "cannot take \(lexeme.excerpt) for \(path(of: key)): it is an integer, \(JSON.notAnInteger(lexeme))")
    case .null, .bool, .string, .array, .object: throw wrongType(key, value, "an integer")
    }
  }

  package func bool(_ key: String) throws(Refusal) -> Bool? {
    guard let value = value(key) else { return nil }
    guard case .bool(let bool) = value else { throw wrongType(key, value, "true or false") }
    return bool
  }

  package func array(_ key: String) throws(Refusal) -> [JSON]? {
    guard let value = value(key) else { return nil }
    guard case .array(let items) = value else { throw wrongType(key, value, "an array") }
    return items
  }

  /// An array of strings, at most `limit` of them.
  package func strings(_ key: String, atMost limit: Int = .max) throws(Refusal) -> [String]? {
    guard let items = try array(key) else { return nil }
    guard items.count <= limit else {
      throw .invalid(path(of: key), "cannot take \(items.count) items for \(path(of: key)): \(limit) is the limit")
    }
    var strings: [String] = []
    for item in items {
      guard case .string(let string) = item else { throw wrongType(key, item, "an array of strings") }
      strings.append(string)
    }
    return strings
  }

  /// A word of an enumeration.
  package func enumValue<Word: RawRepresentable & CaseIterable>(
    _ key: String, as type: Word.Type = Word.self
  ) throws(Refusal) -> Word? where Word.RawValue == String {
    guard let string = try string(key) else { return nil }
    guard let word = Word(bytesOf: string) else {
      throw .unknownValue(string, at: path(of: key), known: Word.allCases.map(\.rawValue))
    }
    return word
  }

  /// A nested object whose keys are among `allowedKeys`.
  package func object(_ key: String, allowedKeys: [String]?) throws(Refusal) -> JSONObjectDecoder? {
    guard let value = value(key) else { return nil }
    return try JSONObjectDecoder(value, path: path(of: key), allowedKeys: allowedKeys)
  }

  package func required<Value>(_ key: String, _ read: (String) throws(Refusal) -> Value?) throws(Refusal) -> Value {
    guard let value = try read(key) else { throw missing(key) }
    return value
  }

  package func requiredString(_ key: String) throws(Refusal) -> String {
    guard let value = try string(key) else { throw missing(key) }
    return value
  }

  package func requiredInteger(_ key: String) throws(Refusal) -> Int {
    guard let value = try integer(key) else { throw missing(key) }
    return value
  }

  package func requiredBool(_ key: String) throws(Refusal) -> Bool {
    guard let value = try bool(key) else { throw missing(key) }
    return value
  }

  package func requiredEnumValue<Word: RawRepresentable & CaseIterable>(
    _ key: String, as type: Word.Type = Word.self
  ) throws(Refusal) -> Word where Word.RawValue == String {
    guard let value = try enumValue(key, as: type) else { throw missing(key) }
    return value
  }

  package func requiredObject(_ key: String, allowedKeys: [String]?) throws(Refusal) -> JSONObjectDecoder {
    guard let value = try object(key, allowedKeys: allowedKeys) else { throw missing(key) }
    return value
  }

  /// The items of an array, each read as an object.
  package func objects<Item>(
    _ key: String, _ read: (JSONObjectDecoder) throws(Refusal) -> Item
  ) throws(Refusal) -> [Item] {
    var result: [Item] = []
    for (index, item) in (try array(key) ?? []).enumerated() {
      result.append(try read(JSONObjectDecoder(item, path: "\(path(of: key))[\(index)]", allowedKeys: nil)))
    }
    return result
  }

  /// The value of a nested object, any of whose keys pass; `nil` where there is none.
  func decodeIfPresent<Value: JSONObjectDecodable>(_ key: String) throws(Refusal) -> Value? {
    guard let nested = try object(key, allowedKeys: nil) else { return nil }
    return try Value(nested)
  }

  func decode<Value: JSONObjectDecodable>(_ key: String) throws(Refusal) -> Value {
    try Value(requiredObject(key, allowedKeys: nil))
  }

  /// The values of an array of objects; none where it is absent.
  func decodeArray<Item: JSONObjectDecodable>(_ key: String) throws(Refusal) -> [Item] {
    try objects(key) { (item) throws(Refusal) in try Item(item) }
  }
}
