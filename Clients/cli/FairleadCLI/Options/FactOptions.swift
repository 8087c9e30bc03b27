// The facts about a cluster as flags: one for each FactKey, spelled as it says.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct FactOptions: ParsableArguments {
  @Option(name: names(.kubernetesVersion, "k"), help: help(.kubernetesVersion)) var kubernetesVersion: String?
  @Option(name: names(.networkPlugin), help: help(.networkPlugin)) var networkPlugin: String?
  @Option(name: names(.networkPolicy), help: help(.networkPolicy)) var networkPolicy: String?
  @Option(name: names(.networkDataplane), help: help(.networkDataplane)) var networkDataplane: String?
  @Option(name: names(.nodeCount, "c"), help: help(.nodeCount)) var nodeCount: String?
  @Option(name: names(.minKernelVersion), help: help(.minKernelVersion)) var minKernelVersion: String?
  @Option(name: names(.serviceCount), help: help(.serviceCount)) var serviceCount: String?
  @Option(name: names(.podsPerService), help: help(.podsPerService)) var podsPerService: String?
  @Option(name: names(.connectionsPerService), help: help(.connectionsPerService)) var connectionsPerService: String?
  @Option(name: names(.usesNodePorts), help: help(.usesNodePorts)) var usesNodePorts: String?
  @Option(name: names(.usesLocalhostNodePorts), help: help(.usesLocalhostNodePorts)) var usesLocalhostNodePorts: String?
  @Option(name: names(.usesSessionAffinity), help: help(.usesSessionAffinity)) var usesSessionAffinity: String?
  @Option(name: names(.usesLocalTrafficPolicy), help: help(.usesLocalTrafficPolicy)) var usesLocalTrafficPolicy: String?
  @Option(name: names(.usesUdpServices), help: help(.usesUdpServices)) var usesUdpServices: String?
  @Option(name: names(.keepaliveSeconds), help: help(.keepaliveSeconds)) var keepaliveSeconds: String?
  @Option(name: names(.hostFirewall), help: help(.hostFirewall)) var hostFirewall: String?
  @Option(name: names(.windowsNodes), help: help(.windowsNodes)) var windowsNodes: String?

  /// The text that was given for a fact.
  func text(_ key: FactKey) -> String? {
    switch key {
    case .kubernetesVersion: kubernetesVersion
    case .networkPlugin: networkPlugin
    case .networkPolicy: networkPolicy
    case .networkDataplane: networkDataplane
    case .nodeCount: nodeCount
    case .minKernelVersion: minKernelVersion
    case .serviceCount: serviceCount
    case .podsPerService: podsPerService
    case .connectionsPerService: connectionsPerService
    case .usesNodePorts: usesNodePorts
    case .usesLocalhostNodePorts: usesLocalhostNodePorts
    case .usesSessionAffinity: usesSessionAffinity
    case .usesLocalTrafficPolicy: usesLocalTrafficPolicy
    case .usesUdpServices: usesUdpServices
    case .keepaliveSeconds: keepaliveSeconds
    case .hostFirewall: hostFirewall
    case .windowsNodes: windowsNodes
    }
  }

  /// The facts that were given, for the `facts` of a request; `null` clears one.
  func parameters() throws(Failure) -> JSONObject {
    var facts = JSONObject()
    for key in FactKey.allCases {
      guard let text = text(key) else { continue }
      facts.append(key.rawValue, try Self.value(text, for: key))
    }
    return facts
  }

  /// The dotted numbers of a version as kubectl prints it: `v1.34.2` and `5.15.0-1089-azure`.
  private static func plainVersion(_ text: String) -> String {
    let bare = text.hasPrefix("v") ? text.dropFirst() : text[...]
    let numbers = bare.prefix { $0 != "-" && $0 != "+" }
    return numbers.isEmpty ? text : String(numbers)
  }

  /// Reads a flag's text as a value of the fact's kind. An empty text and the word `unknown` clear the fact.
  static func value(_ text: String, for key: FactKey) throws(Failure) -> JSON {
    let word = text.asciiLowercased
    guard !text.isEmpty, word != "unknown" else { return .null }
    let value: JSON =
      switch key.kind {
      case .version: .string(plainVersion(text))
      case .count: Int(text).map { .integer($0) } ?? number(text) ?? .string(text)
      case .bool: word == "true" ? true : word == "false" ? false : .string(text)
      case .word: .string(word)
      }
    do throws(Refusal) {
      return try FactValue(value, for: key, path: key.flag).json
    } catch {
      if case .string = value, key.kind == .count || key.kind == .bool {
        let wanted = key.kind == .bool ? "true or false" : "a whole number"
        throw .usage("cannot take '\(text)' for \(key.flag): it is \(wanted), or unknown")
      }
      throw Failure(error)
    }
  }

  /// A number that is no integer of 64 bits, so that it is refused for that; `nil` for any other text.
  private static func number(_ text: String) -> JSON? {
    guard let value = try? JSON(parsing: text), case .number = value else { return nil }
    return value
  }

  private static func names(_ key: FactKey, _ short: Character? = nil) -> NameSpecification {
    let long = NameSpecification.Element.customLong(String(key.flag.dropFirst(2)))
    return NameSpecification(short.map { [.customShort($0), long] } ?? [long])
  }

  private static func help(_ key: FactKey) -> ArgumentHelp {
    let value: String
    switch key.kind {
    case .version: value = "version"
    case .count: value = "number"
    case .bool: value = "true|false"
    case .word(let words): value = words.joined(separator: "|")
    }
    let summary = key.summary
    return ArgumentHelp("\(summary.prefix(1).uppercased() + summary.dropFirst()).", valueName: value)
  }
}
