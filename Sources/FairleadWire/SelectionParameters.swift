// Parameters by which lists and watches select, and how they are decoded. A selection has one name in all methods.

internal import ExactJSON
internal import FairleadModel

extension [Parameter] {
  /// By kind, in the log and in a watch.
  static let kinds = [
    Parameter(
      "kind", "an older form of kinds, with one word", schema: Schema.words(ResourceKind.allCases.map(\.rawValue))),
    Parameter(
      "kinds", "only changes of these nouns",
      schema: ["type": "array", "items": Schema.words(ResourceKind.allCases.map(\.rawValue))]),
  ]

  /// By label, in a list and in a watch.
  static func labels(_ summary: String) -> [Parameter] {
    [
      Parameter("label", "an older name of labels", schema: Schema.named("labels")),
      Parameter("labels", summary, schema: Schema.named("labels")),
    ]
  }
}

extension JSONObjectDecoder {
  /// A text by which a list or a watch selects, or a cursor.
  func selector(_ key: String) throws(Refusal) -> String? {
    guard let text = try string(key) else { return nil }
    guard text.utf8.count <= Limits.selectorBytes else {
      throw .invalid(
        path(of: key),
        "cannot take '\(text.excerpt)' for \(path(of: key)): it is longer than \(Limits.selectorBytes) bytes")
    }
    return text
  }

  /// The name under which a member is given that has an older one, too.
  func name(_ name: String, or older: String) throws(Refusal) -> String {
    guard value(older) != nil else { return name }
    guard value(name) == nil else {
      throw .invalid(path(of: older), "cannot take both \(name) and \(older): they are one, and its name is \(name)")
    }
    return older
  }

  /// The kinds of change by which the log or a watch selects; `nil` is every kind. `kind` is one word.
  func kindFilter() throws(Refusal) -> Set<ResourceKind>? {
    let key = try name("kinds", or: "kind")
    if key == "kind" { return try enumValue(key, as: ResourceKind.self).map { [$0] } }
    guard let words = try strings(key, atMost: ResourceKind.allCases.count) else { return nil }
    var kinds: Set<ResourceKind> = []
    for word in words {
      guard let kind = ResourceKind(bytesOf: word) else {
        throw .unknownValue(word, at: path(of: key), known: ResourceKind.allCases.map(\.rawValue))
      }
      kinds.insert(kind)
    }
    guard !kinds.isEmpty else {
      throw .invalid(key, "cannot take an empty \(key): name at least one, or leave it away for all")
    }
    return kinds
  }

  /// The labels by which a list or a watch selects clusters.
  func labelFilter() throws(Refusal) -> [String: String] {
    let key = try name("labels", or: "label")
    var labels: [String: String] = [:]
    guard let wanted = try object(key, allowedKeys: nil) else { return labels }
    for (name, value) in try LabelsPatch(wanted).changes {
      guard let value else { throw .invalid("\(key).\(name)", "cannot take null for \(key).\(name): it is a string") }
      labels[name] = value
    }
    return labels
  }
}
