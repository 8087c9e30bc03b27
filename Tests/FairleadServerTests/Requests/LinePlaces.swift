// Every place of a request where a client's value can stand, taken from the methods and their schemas.

import ExactJSON
import FairleadModel
import FairleadWire

/// A line with a gap: what comes before a value, and what comes behind it.
struct LinePlace: Sendable {
  let name: String
  private let head: [UInt8]
  private let tail: [UInt8]

  init(_ name: String, _ head: String, _ tail: String) {
    self.name = name
    self.head = Array(head.utf8)
    self.tail = Array(tail.utf8)
  }

  func line(with value: [UInt8]) -> [UInt8] { head + value + tail }

  /// The same place in a request that stands in `head` and `tail` of another line.
  fileprivate func inside(_ name: String, _ head: String, _ tail: String) -> LinePlace {
    LinePlace(
      "\(name) \(self.name)", head + String(decoding: self.head, as: UTF8.self),
      String(decoding: self.tail, as: UTF8.self) + tail)
  }

  // MARK: Of a method

  /// The places in the parameters of `method`, in those of the methods that it combines, and one for a parameter that it does
  /// not have. The other parameters are as valid as they can be, so that the value is reached.
  static func all(of method: Method) -> [LinePlace] {
    parameters(of: method).map {
      $0.inside(method.name, #"{"jsonrpc":"2.0","id":1,"method":"\#(method.name)","params":"#, "}")
    }
  }

  /// The places of a request outside of its parameters, and in a batch.
  static let ofTheEnvelope: [LinePlace] = [
    LinePlace("the line", "", ""),
    LinePlace("id", #"{"jsonrpc":"2.0","method":"registry.describe","id":"#, "}"),
    LinePlace("jsonrpc", #"{"id":1,"method":"registry.describe","jsonrpc":"#, "}"),
    LinePlace("method", #"{"jsonrpc":"2.0","id":1,"method":"#, "}"),
    LinePlace("params", #"{"jsonrpc":"2.0","id":1,"method":"cluster.get","params":"#, "}"),
    LinePlace("an unknown member", #"{"jsonrpc":"2.0","id":1,"method":"registry.describe","more":"#, "}"),
    LinePlace("an item of a batch", "[", "]"),
    LinePlace("a method in a batch", #"[{"jsonrpc":"2.0","id":1,"method":"#, "}]"),
  ]

  private static func parameters(of method: Method) -> [LinePlace] {
    let others = method.parameters.filter(\.required).map { ($0.name, sample(of: $0.schema)) }
    let plans = method.parameters.contains { $0.name == "dryRun" } ? [("dryRun", JSON.bool(true))] : []
    func place(_ name: String, _ places: [LinePlace]) -> [LinePlace] {
      let rest = (others + plans).filter { $0.0 != name }.map { "\"\($0.0)\":\($0.1.text)," }.joined()
      return places.map { $0.inside(name, "{\(rest)\"\(name)\":", "}") }
    }
    return method.parameters.flatMap { place($0.name, below($0.schema)) }
      + place("zzz", [LinePlace("unknown", "", "")])
  }

  /// The places in a value of this schema, the value itself first.
  private static func below(_ schema: JSON) -> [LinePlace] {
    let schema = resolved(schema)
    var places = [LinePlace("", "", "")]
    if let items = schema["items"] { places += below(items).map { $0.inside("[]", "[", "]") } }
    if let methods = schema["properties"]?["method"]?["enum"]?.arrayValue {
      // A change of an apply: its parameters are those of the method that it names.
      for name in methods.compactMap(\.stringValue) {
        guard let method = try? Method.named(name) else { continue }
        places += parameters(of: method).map { $0.inside(name, #"{"method":"\#(name)","params":"#, "}") }
      }
    } else {
      for member in schema["properties"]?.objectValue?.members ?? [] {
        places += below(member.value).map { $0.inside(member.key, "{\"\(member.key)\":", "}") }
      }
    }
    if schema["type"] == "object" { places.append(LinePlace("a free member", #"{"free":"#, "}")) }
    return places
  }

  private static func resolved(_ schema: JSON) -> JSON {
    guard let reference = schema["$ref"]?.stringValue, let name = reference.split(separator: "/").last else {
      return schema
    }
    return Schema.components[String(name)] ?? schema
  }

  /// A small value of this schema, as valid as a schema can say.
  private static func sample(of schema: JSON) -> JSON {
    let schema = resolved(schema)
    if let word = schema["enum"]?.arrayValue?.first { return word }
    switch schema["type"]?.stringValue {
    case "integer": return 1
    case "boolean": return true
    case "array": return .array(schema["items"].map { [sample(of: $0)] } ?? [])
    case "object":
      let members = schema["properties"]?.objectValue?.members ?? []
      if let name = members.first(where: { $0.key == "method" }).map({ sample(of: $0.value) })?.stringValue,
        let method = try? Method.named(name)
      {
        let params = method.parameters.filter(\.required).map {
          JSONObject.Member(key: $0.name, value: sample(of: $0.schema))
        }
        return ["method": .string(name), "params": .object(JSONObject(params))]
      }
      return .object(JSONObject(members.map { .init(key: $0.key, value: sample(of: $0.value)) }))
    default: return "abc"
    }
  }
}
