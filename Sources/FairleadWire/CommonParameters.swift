// Parameters that several methods share, and how they are decoded.

internal import ExactJSON
internal import FairleadModel

extension [Parameter] {
  static let subscription = [
    Parameter("subscription", "the subscription; 'default' where none is named", schema: Schema.string)
  ]

  static let cluster =
    subscription + [
      Parameter("resourceGroup", "the cluster's resource group", required: true, schema: Schema.string),
      Parameter("name", "the cluster's name", required: true, schema: Schema.string),
    ]

  static let provider =
    subscription + [
      Parameter("namespace", "the provider, such as Microsoft.ContainerService", required: true, schema: Schema.string)
    ]

  static let feature = provider + [Parameter("name", "the feature's name", required: true, schema: Schema.string)]

  static let apiVersion = [
    Parameter(
      "apiVersion", "the REST API version that carries the change; the newest known by default", schema: Schema.string)
  ]

  static let patch =
    [
      Parameter("config", "the kube-proxy document; replaces the whole", schema: Schema.named("config")),
      Parameter("facts", "facts to set; null clears one", schema: ["type": "object"]),
      Parameter("labels", "labels to set; null removes one", schema: ["type": "object"]),
    ] + apiVersion

  static let change = [
    Parameter("message", "why", schema: Schema.string),
    Parameter("ifRevision", "refuse unless this is the cluster's revision; 0 is no cluster", schema: Schema.count),
    Parameter("ifSeq", "refuse unless this is the last change of the cluster", schema: Schema.count),
    Parameter("planDigest", "commit this plan, or refuse as stale", schema: Schema.string),
    Parameter("override", "rules to let through; needs a message", schema: Schema.strings),
    Parameter("dryRun", "plan only", schema: Schema.boolean),
    Parameter("requestId", "idempotency key in the scope of the caller's uid", schema: Schema.string),
  ]

  static let force = [
    Parameter(
      "force", "record it although the name is a letter or two from one that is known; lets nothing else through",
      schema: Schema.boolean)
  ]

  static let confirmWithin = [
    Parameter(
      "confirmWithinSeconds", "take the change back after so many seconds unless cluster.confirm follows",
      schema: ["type": "integer", "minimum": 1, "maximum": .integer(Limits.confirmSeconds)])
  ]

  static func page(cursor: JSON) -> [Parameter] {
    [
      Parameter(
        "limit",
        "items of the page, \(Limits.defaultPageItems) by default; fewer, with a cursor, where they would be longer than "
          + "\(Limits.pageBytes >> 20) MiB",
        schema: Schema.positive),
      Parameter("after", "the cursor that the last page answered", schema: cursor),
    ]
  }
}

extension [ErrorCode] {
  /// The errors that any change may be answered with.
  static let change: [ErrorCode] = [
    .invalidParams, .conflict, .blocked, .prerequisite, .planStale, .requestIDReused, .busy, .unavailable,
  ]
}

extension JSONObjectDecoder {
  /// The options of a change, and its parameters as the client sent them.
  func changeOptions() throws(Refusal) -> ChangeOptions {
    // A script that sends null for an empty variable must not silently lose its guard, or turn its plan into a commit.
    let hasNull = object.members.contains { $0.value.isNull }
    if hasNull {
      let guards = ["ifRevision", "ifSeq", "planDigest", "dryRun", "override", "requestId", "confirmWithinSeconds"]
      for key in guards where object[key] == .null {
        throw .invalid(key, "cannot take null for \(key): give a value, or leave it out")
      }
    }
    return ChangeOptions(
      message: try message(), ifRevision: try guardNumber("ifRevision"), ifSeq: try guardNumber("ifSeq"),
      planDigest: try string("planDigest"), overrides: try strings("override", atMost: Limits.overrides) ?? [],
      confirmWithinSeconds: try confirmWithinSeconds(), dryRun: try bool("dryRun") ?? false,
      force: try bool("force") ?? false, requestID: try requestID(),
      // A null counts as absent: with and without it, the request is the same for `requestId`.
      params: JSON.object(hasNull ? JSONObject(object.members.filter { !$0.value.isNull }) : object).canonical)
  }

  func message() throws(Refusal) -> String? {
    let message = try string("message")
    if let message {
      guard message.utf8.count <= Limits.messageBytes else {
        throw .invalid("message", "cannot take this message: it is longer than \(Limits.messageBytes) bytes")
      }
      // Whoever reads the log later reads it on a terminal, and SQL's text functions end at U+0000.
      try message.checkControlCharacters(allowed: .lineFeedAndTab, at: path(of: "message"))
      try message.checkVisible(at: path(of: "message"))
    }
    return message
  }

  func requestID() throws(Refusal) -> String? {
    let requestID = try string("requestId")
    if let requestID {
      guard (1...Limits.requestIDBytes).contains(requestID.utf8.count) else {
        throw .invalid(
          "requestId", "cannot take this requestId: it is 1 to \(Limits.requestIDBytes) bytes of printable text")
      }
      try requestID.checkControlCharacters(allowed: .none, at: path(of: "requestId"))
    }
    return requestID
  }

  private func confirmWithinSeconds() throws(Refusal) -> Int? {
    let key = "confirmWithinSeconds"
    guard let seconds = try integer(key) else { return nil }
    guard (1...Limits.confirmSeconds).contains(seconds) else {
      throw .invalid(
        path(of: key),
        "cannot take \(seconds) for \(path(of: key)): it is 1 to \(Limits.confirmSeconds) seconds, a week")
    }
    return seconds
  }

  private func guardNumber(_ key: String) throws(Refusal) -> Int? {
    guard let number = try integer(key) else { return nil }
    guard number >= 0 else {
      throw .invalid(path(of: key), "cannot take \(number) for \(path(of: key)): it is 0 or more")
    }
    return number
  }

  func positive(_ key: String) throws(Refusal) -> Int? {
    guard let number = try integer(key) else { return nil }
    guard number >= 1 else {
      throw .invalid(path(of: key), "cannot take \(number) for \(path(of: key)): it is 1 or more")
    }
    return number
  }

  func count(_ key: String) throws(Refusal) -> Int? { try guardNumber(key) }

  func apiVersion() throws(Refusal) -> APIVersion {
    guard let text = try string("apiVersion") else { return .newest }
    // The longest version has 18 bytes.
    guard text.utf8.count <= 32, let version = APIVersion(text) else {
      throw .invalid(
        path(of: "apiVersion"),
        "cannot take '\(text.excerpt)' for apiVersion: it is a date with or without -preview, such as \(APIVersion.newest.text)"
      )
    }
    return version
  }

  func patch() throws(Refusal) -> ClusterPatch {
    ClusterPatch(
      document: try value("config").map { (value) throws(Refusal) in try KubeProxyDocument(value, path: "config") },
      facts: try object("facts", allowedKeys: nil).map { (r) throws(Refusal) in try FactsPatch(r) } ?? FactsPatch(),
      labels: try object("labels", allowedKeys: nil).map { (r) throws(Refusal) in try LabelsPatch(r) } ?? LabelsPatch(),
      apiVersion: try apiVersion())
  }

  private func limit() throws(Refusal) -> Int {
    let limit = try positive("limit") ?? Limits.defaultPageItems
    guard limit <= Limits.pageItems else {
      throw .invalid("limit", "cannot take \(limit) for limit: a page has at most \(Limits.pageItems) items")
    }
    return limit
  }

  func numberPage() throws(Refusal) -> Page<Int> { Page(limit: try limit(), after: try guardNumber("after")) }
  func textPage() throws(Refusal) -> Page<String> { Page(limit: try limit(), after: try selector("after")) }
}
