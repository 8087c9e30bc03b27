// REST API versions of Microsoft.ContainerService, as far as they gate the kube-proxy configuration.

/// A REST API version such as `2025-09-02-preview`. Versions sort by their date.
package struct APIVersion: Sendable, Hashable {
  package let text: String

  /// `nil` for anything but `YYYY-MM-DD` with or without `-preview`.
  package init?(_ text: String) {
    let date = text.hasSuffix("-preview") ? String(text.dropLast("-preview".count)) : text
    guard date.utf8.count == 10, Timestamp(date) != nil else { return nil }
    self.text = text
  }

  private init(known text: String) { self.text = text }

  /// Only preview versions carry `kubeProxyConfig`: no stable one up to 2026-05-01 does (Azure/bicep-types-az).
  package var isPreview: Bool { text.hasSuffix("-preview") }
  package var date: String { String(text.prefix(10)) }

  /// The first version with `kubeProxyConfig`, the first with NFTABLES, and the newest one known here.
  package static let first = APIVersion(known: "2022-08-02-preview")
  package static let firstWithNFTables = APIVersion(known: "2025-09-02-preview")
  package static let newest = APIVersion(known: "2026-08-02-preview")

  /// Whether this version can carry a configuration with this mode.
  package func carries(_ mode: ProxyMode?) -> Bool {
    isPreview && date >= (mode == .nftables ? APIVersion.firstWithNFTables : .first).date
  }
}
