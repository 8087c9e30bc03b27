// Flags that no command has and that people give: how what they say is said here.

internal import FairleadModel

enum ForeignFlags {
  /// How to say here what `flag` says elsewhere; `nil` for one that means nothing. `options` are those of the command.
  static func hint(for flag: String, among options: [String]) -> String? {
    if let example = members[flag], options.contains("--kube-proxy-config") {
      return "That is a member of the configuration: --kube-proxy-config FILE, where FILE holds \(example)."
    }
    if moments.contains(flag), options.contains("--after") {
      return "The log goes by numbers: --after SEQ begins behind a change, and each line has the time of its change."
    }
    return nil
  }

  /// Flags that people give for the members of a configuration, with a document that has it.
  private static let members: [String: String] = {
    let ipvs = IPVSTimeout.allCases.map { ($0.rawValue, "{\"mode\":\"IPVS\",\"ipvsConfig\":{\"\($0.rawValue)\":900}}") }
    let documents =
      ipvs + [
        ("mode", #"{"mode":"NFTABLES"}"#), ("proxyMode", #"{"mode":"NFTABLES"}"#),
        ("kubeProxyMode", #"{"mode":"NFTABLES"}"#), ("enabled", #"{"enabled":false}"#),
        ("scheduler", #"{"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection"}}"#),
        ("ipvsConfig", #"{"mode":"IPVS","ipvsConfig":{"scheduler":"LeastConnection"}}"#),
      ]
    return Dictionary(documents.map { ("--" + kebab($0.0), $0.1) }, uniquingKeysWith: { first, _ in first })
  }()

  private static let moments: Set = ["--since", "--until", "--from", "--to", "--at", "--before"]

  /// `tcpTimeoutSeconds` as a flag has it: `tcp-timeout-seconds`.
  private static func kebab(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
  }
}
