// What a file is that is not JSON, and what to do about it.

internal import ExactJSON
internal import FairleadModel

extension InputFile {
  /// Why `bytes` cannot be read: what they are, where that is plain, and otherwise what is wrong with them as JSON, and where.
  func unreadable(_ bytes: some BidirectionalCollection<UInt8>, _ error: JSONSyntaxError) -> Failure {
    let word = path == "-" ? "FILE" : shellQuoted(path)
    if error.reason == .utf16 {
      return .usage(
        "cannot read \(name) as JSON: \(error.explanation)",
        hints: ["Save it as UTF-8, or convert it with 'iconv -f UTF-16 -t UTF-8 \(word)'."])
    }
    guard Self.isYAML(bytes) else {
      return .usage("cannot read \(name) as JSON: \(error.explanation(in: bytes))")
    }
    var hints = ["Convert it with 'yq -o json \(word)'; az and kubectl print JSON with '-o json'."]
    if bytes.contains(kubeProxyConfiguration.utf8) {
      hints.append("A \(kubeProxyConfiguration) is kube-proxy's own document; AKS takes enabled, mode and ipvsConfig.")
    }
    return .usage("cannot read \(name) as JSON: it is YAML", hints: hints)
  }

  private var kubeProxyConfiguration: String { "KubeProxyConfiguration" }

  /// Whether a text that is no JSON begins as a YAML document does: with '---', an item of a list, or a bare key and a colon.
  private static func isYAML(_ bytes: some Collection<UInt8>) -> Bool {
    for line in Array(bytes).split(separator: UInt8(ascii: "\n")) {
      let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      guard let first = words.first, first.first != UInt8(ascii: "#"), first.first != UInt8(ascii: "%") else {
        continue
      }
      if first.elementsEqual("---".utf8) || first.elementsEqual("-".utf8) { return true }
      return first.last == UInt8(ascii: ":") && first.count > 1
        && first.dropLast().allSatisfy { $0.isAlphanumeric || "_-./".utf8.contains($0) }
    }
    return false
  }
}
