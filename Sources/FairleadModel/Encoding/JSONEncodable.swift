// Values that write themselves as JSON text, and can be had as a tree.

package import ExactJSON

/// A value whose JSON is an object.
///
/// `write` is the one definition of its members. The hot paths use the text; the tree is parsed from it.
package protocol JSONEncodable {
  /// Writes the members, between the braces.
  func write(to text: inout JSONWriter)
}

extension JSONEncodable {
  /// The object as compact JSON text.
  package var text: [UInt8] { object { write(to: &$0) } }

  /// The object as a tree.
  package var json: JSON { JSON(written: text) }
}

/// A value with its own shape in the log: the wire's, and what a rebuild of the tables needs besides.
package protocol LedgerEncodable: JSONEncodable {
  /// Writes the members of the log's shape.
  func encodeForLedger(to text: inout JSONWriter)
}

extension LedgerEncodable {
  package var ledgerText: [UInt8] { object { encodeForLedger(to: &$0) } }
  package var ledgerJSON: JSON { JSON(written: ledgerText) }
}

private func object(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
  // Few objects other than reports are longer than this; for those the buffer grows.
  var text = JSONWriter(capacity: 2048)
  text.beginObject()
  write(&text)
  text.endObject()
  return text.finish()
}

extension JSON {
  /// The tree of what a `JSONWriter` wrote.
  package init(written text: [UInt8]) {
    do {
      try self.init(parsing: text)
    } catch {
      // A defect of the writer: whatever its input, it must write JSON.
      preconditionFailure("what was written is no JSON: \(error.explanation)")
    }
  }
}

extension JSONWriter {
  package mutating func set(_ key: String, _ value: some JSONEncodable) {
    beginObject(key)
    value.write(to: &self)
    endObject()
  }

  package mutating func set(_ key: String, ifPresent value: (some JSONEncodable)?) {
    if let value { set(key, value) }
  }

  package mutating func set(_ key: String, _ values: [some JSONEncodable]) {
    beginArray(key)
    for value in values { append(value) }
    endArray()
  }

  package mutating func append(_ value: some JSONEncodable) {
    beginObject()
    value.write(to: &self)
    endObject()
  }

  package mutating func set(_ key: String, record value: some LedgerEncodable) {
    beginObject(key)
    value.encodeForLedger(to: &self)
    endObject()
  }

  /// `null` where there is no value.
  mutating func set(_ key: String, orNull value: String?) {
    if let value { set(key, value) } else { setNull(key) }
  }

  mutating func set(_ key: String, orNull value: (some JSONEncodable)?) {
    if let value { set(key, value) } else { setNull(key) }
  }

  package mutating func set(_ key: String, orNull value: Int?) {
    if let value { set(key, value) } else { setNull(key) }
  }
}
