// JSON objects built member by member, as a tree or as text.

package import ExactJSON

/// Builds a JSON object member by member, leaving out what is absent.
package struct JSONObjectBuilder: Sendable {
  private var object = JSONObject()

  package init() {}

  package mutating func set(_ key: String, _ value: JSON) { object.append(key, value) }
  package mutating func set(_ key: String, _ value: String) { object.append(key, .string(value)) }
  package mutating func set(_ key: String, _ value: Int) { object.append(key, .integer(value)) }
  package mutating func set(_ key: String, _ value: Bool) { object.append(key, .bool(value)) }
  package mutating func set(_ key: String, ifPresent value: JSON?) { if let value { object.append(key, value) } }
  package mutating func set(_ key: String, ifPresent value: String?) { if let value { set(key, value) } }
  package mutating func set(_ key: String, ifPresent value: Int?) { if let value { set(key, value) } }

  package var json: JSON { .object(object) }
}

/// Something that takes members one by one: text, or a tree that is being built.
package protocol JSONMemberWriter: ~Copyable {
  mutating func set(_ key: String, _ value: String)
}

extension JSONWriter: JSONMemberWriter {}
extension JSONObjectBuilder: JSONMemberWriter {}
