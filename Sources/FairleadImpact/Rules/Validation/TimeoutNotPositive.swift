// VAL-02: an IPVS timeout that is no positive number of seconds.

/// AKS takes positive whole numbers. Upstream kube-proxy also takes 0, which means to keep what the kernel has; in a
/// document for AKS that is said by leaving the key out. Fairlead refuses the document when it reads it, so there is no
/// change to judge, and no fact or override makes a difference. A number past int32 is refused as well, as one that no
/// API can carry.
///
/// - When: tcpTimeoutSeconds, tcpFinTimeoutSeconds or udpTimeoutSeconds is zero, negative, a fraction, or no number.
/// - Severity: blocked. The document is refused when it is read.
/// - Remedy: give a positive number of seconds, or leave the key out to keep what the kernel has.
package enum TimeoutNotPositive: CatalogueEntry {
  package static let id = "VAL-02"
  package static let title = "A timeout is a positive number of seconds"
  package static let source =
    "AKS API reference, ContainerServiceNetworkProfileKubeProxyConfigIpvsConfig; kubernetes "
    + "pkg/proxy/apis/config/validation/validation.go"
}
