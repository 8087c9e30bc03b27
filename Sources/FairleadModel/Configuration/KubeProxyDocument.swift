// Reads a kube-proxy configuration document strictly, and normalises the key spelling of old documents.

package import ExactJSON

/// A document that was read, with a note for each key that was understood differently from how it was written.
package struct KubeProxyDocument: Sendable, Hashable {
  package let config: KubeProxyConfig
  package let notes: [String]

  /// The largest value that AKS's int32 members hold.
  static let largestTimeout = Int(Int32.max)

  /// Reads `value`, which is at `path` in the parameters. `null` means unset, as `az aks show` prints it.
  ///
  /// Refuses unknown keys and words with the nearest known one, a timeout that is not a positive integer (VAL-02),
  /// an unknown scheduler (VAL-04), and `ipvsConfig` without IPVS (VAL-01).
  package init(_ value: JSON, path: String = "config") throws(Refusal) {
    if let mistaken = MistakenDocument(value) {
      throw .invalid(path, "cannot take this document for \(path): \(mistaken.explanation)")
    }
    var notes: [String] = []
    let top = try Self.normalised(value, path: path, known: ["enabled", "mode", "ipvsConfig"], notes: &notes)
    var config = KubeProxyConfig()
    config.enabled = try top.bool("enabled")
    if let mode = try top.string("mode") {
      guard let known = ProxyMode(bytesOf: mode) else {
        throw .unknownValue(
          mode, at: top.path(of: "mode"), known: ProxyMode.allCases.map(\.rawValue),
          azureCode: "KubeProxyConfigValueUnsupported")
      }
      config.mode = known
    }
    if let value = top.value("ipvsConfig") {
      config.ipvs = try Self.ipvs(value, path: top.path(of: "ipvsConfig"), notes: &notes)
    }
    if config.ipvs != nil, config.mode != .ipvs {
      let mode = config.mode?.rawValue ?? "IPTABLES (the default, since 'mode' is not set)"
      throw .invalid(
        top.path(of: "ipvsConfig"),
        "cannot take \(top.path(of: "ipvsConfig")) with mode \(mode): it goes with mode IPVS only; "
          + "remove ipvsConfig, or set mode to IPVS",
        rule: "VAL-01", azureCode: "KubeProxyConfigFieldUnsupported")
    }
    self.config = config
    self.notes = notes
  }

  private static let ipvsKeys = ["scheduler"] + IPVSTimeout.allCases.map(\.rawValue)

  private static func ipvs(_ value: JSON, path: String, notes: inout [String]) throws(Refusal) -> IPVSConfig {
    let reader = try normalised(value, path: path, known: ipvsKeys, notes: &notes)
    var config = IPVSConfig()
    if let scheduler = try reader.string("scheduler") {
      guard let known = IPVSScheduler(bytesOf: scheduler) else {
        throw .unknownValue(
          scheduler, at: reader.path(of: "scheduler"), known: IPVSScheduler.allCases.map(\.rawValue), rule: "VAL-04",
          azureCode: "KubeProxyConfigValueUnsupported")
      }
      config.scheduler = known
    }
    for timeout in IPVSTimeout.allCases {
      guard let value = reader.value(timeout.rawValue) else { continue }
      config.timeouts[timeout] = try seconds(value, path: reader.path(of: timeout.rawValue))
    }
    return config
  }

  private static func seconds(_ value: JSON, path: String) throws(Refusal) -> Int {
    let written: String
    var form = ""
    switch value {
    case .integer(let seconds) where seconds > 0 && seconds <= largestTimeout: return seconds
    case .integer(let seconds) where seconds > largestTimeout: throw pastInt32(String(seconds), path)
    case .number(let lexeme) where lexeme.utf8.allSatisfy(\.isDigit): throw pastInt32(lexeme.excerpt, path)
    case .integer(let seconds): written = String(seconds)
    case .number(let lexeme):
      written = lexeme.excerpt
      if JSON.isFractional(lexeme) { form = ", \(JSON.notAnInteger(lexeme))" }
    case .string(let string): written = "the string '\(string.excerpt)'"
    case .null, .bool, .array, .object: written = value.typeName
    }
    throw .invalid(
      path,
      "cannot take \(written) for \(path): it is a positive whole number of seconds\(form); "
        + "to keep what the kernel has, leave the key out",
      rule: "VAL-02")
  }

  private static func pastInt32(_ written: String, _ path: String) -> Refusal {
    .invalid(path, "cannot take \(written) for \(path): it is past int32, which ends at \(largestTimeout)")
  }

  /// The object with its keys in today's spelling. AKS matches keys without case and older articles spelt
  /// `TCPTimeoutSeconds`; a document that has one key in two spellings is refused, since it is unclear which counts.
  private static func normalised(
    _ value: JSON, path: String, known: [String], notes: inout [String]
  ) throws(Refusal) -> JSONObjectDecoder {
    let written = try JSONObjectDecoder(value, path: path, allowedKeys: nil)
    // A parsed object has no key twice.
    guard !written.object.members.allSatisfy({ known.containsBytes(of: $0.key) }) else { return written }
    var object = JSONObject()
    for member in written.object.members {
      let key: String
      if known.containsBytes(of: member.key) {
        key = member.key
      } else if let match = known.first(where: { member.key.isLowered(into: $0.asciiLowercased) }) {
        key = match
        notes.append("Read the key '\(member.key)' as '\(match)', its spelling since the first preview's articles.")
      } else {
        throw .unknownKey(member.key, in: path, known: known)
      }
      guard object[key] == nil else {
        throw .invalid(written.path(of: key), "cannot take \(written.path(of: key)) twice, in two spellings: keep one")
      }
      object.append(key, member.value)
    }
    return try JSONObjectDecoder(object, path: path, allowedKeys: known)
  }
}
