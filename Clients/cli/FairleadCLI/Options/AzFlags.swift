// Flags of `az aks` that provision something. Fairlead provisions nothing: it accepts them and names them in one note.

internal import ArgumentParser
internal import FairleadModel

/// The flags that `aks` accepts and ignores.
struct ProvisioningOptions: ParsableArguments {
  @Argument(parsing: .allUnrecognized, help: .hidden)
  var provisioning: [String] = []

  /// Writes a note on the flags that are ignored; refuses what is not a flag of az either.
  func check(own: [String], _ console: any Console) throws(Failure) {
    let ignored = try AzFlags.ignored(provisioning, own: own)
    guard !ignored.isEmpty else { return }
    let verb = ignored.count == 1 ? "has" : "have"
    console.note("\(ignored.joined(separator: ", ")) \(verb) no meaning here: Fairlead records, and provisions nothing")
  }
}

enum AzFlags {
  /// How many words follow a flag.
  enum Arity: Sendable, Hashable {
    case none
    /// A word, unless the next one is a flag.
    case optional
    case one
    case many
  }

  /// The flags among `words`, in order and once each. `own` are the command's own flags, for a suggestion.
  static func ignored(_ words: [String], own: [String]) throws(Failure) -> [String] {
    var flags: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      let flag = word.firstIndex(of: "=").map { String(word[..<$0]) } ?? word
      guard isFlag(word) else { throw .usage("cannot take '\(word)' here: there is no such argument") }
      guard let arity = arities[flag] else {
        let hint = ForeignFlags.hint(for: flag, among: own)
        let guess = hint == nil ? nearest(to: flag, in: own + arities.keys.sorted()) : nil
        throw .usage(
          "cannot take '\(flag)': there is no such option" + (guess.map { "; did you mean '\($0)'?" } ?? ""),
          hints: hint.map { [$0] } ?? [])
      }
      if !flags.contains(flag) { flags.append(flag) }
      guard flag == word else { continue }
      switch arity {
      case .none: break
      case .optional: if let next = rest.first, !isFlag(next) { rest.removeFirst() }
      case .one:
        guard rest.popFirst() != nil else { throw .usage("cannot take '\(flag)' without a value") }
      case .many: while let next = rest.first, !isFlag(next) { rest.removeFirst() }
      }
    }
    return flags
  }

  /// A word that starts an option; `-1` is a number.
  private static func isFlag(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
    return !second.isNumber
  }

  private static let arities: [String: Arity] = {
    var arities: [String: Arity] = [:]
    for flag in none { arities[flag] = Arity.none }
    for flag in optional { arities[flag] = .optional }
    for flag in one { arities[flag] = .one }
    for flag in many { arities[flag] = .many }
    return arities
  }()

  private static let none = [
    "--generate-ssh-keys", "--no-ssh-key", "-x", "--no-wait", "--enable-managed-identity", "--disable-local-accounts",
    "--enable-local-accounts", "--enable-private-cluster", "--enable-aad", "--enable-azure-rbac", "--disable-rbac",
    "--enable-node-public-ip", "--enable-encryption-at-host", "--enable-ultra-ssd", "--enable-fips-image",
    "--enable-oidc-issuer", "--enable-workload-identity", "--enable-defender", "--enable-keda", "--disable-keda",
    "--enable-vpa", "--disable-vpa", "--enable-blob-driver", "--disable-disk-driver", "--disable-file-driver",
    "--disable-snapshot-controller", "--enable-windows-gmsa", "--enable-ahub", "--disable-ahub", "--enable-acns",
    "--disable-acns", "--enable-cost-analysis", "--disable-cost-analysis", "--enable-image-cleaner",
    "--disable-image-cleaner", "--enable-cluster-autoscaler", "--disable-cluster-autoscaler",
    "--update-cluster-autoscaler", "--enable-app-routing", "--enable-sgxquotehelper",
    "--uptime-sla", "--no-uptime-sla", "--enable-pod-security-policy", "--disable-public-fqdn", "--enable-public-fqdn",
    "--enable-azure-monitor-metrics", "--disable-azure-monitor-metrics", "--enable-azure-container-storage",
    "--enable-high-log-scale-mode", "--enable-secret-rotation", "--skip-subnet-role-assignment",
    "--enable-apiserver-vnet-integration", "--enable-static-egress-gateway", "--only-show-errors", "--verbose",
    "--debug",
  ]

  private static let optional = ["--enable-vtpm", "--enable-secure-boot", "--enable-msi-auth-for-monitoring"]

  private static let one = [
    "--location", "-l", "--node-vm-size", "-s", "--ssh-key-value", "--tier", "--sku", "--network-plugin-mode",
    "--pod-cidr", "--service-cidr", "--dns-service-ip", "--docker-bridge-address", "--vnet-subnet-id",
    "--pod-subnet-id", "--node-osdisk-size", "--node-osdisk-type", "--node-osdisk-diskencryptionset-id", "-d",
    "--max-pods", "--min-count", "--max-count", "--nodepool-name", "--os-sku", "--kubelet-disk-type",
    "--admin-username", "-u", "--dns-name-prefix", "-p", "--fqdn-subdomain", "--load-balancer-sku",
    "--load-balancer-backend-pool-type", "--load-balancer-managed-outbound-ip-count",
    "--load-balancer-managed-outbound-ipv6-count", "--load-balancer-outbound-ports", "--load-balancer-idle-timeout",
    "--load-balancer-outbound-ips", "--load-balancer-outbound-ip-prefixes", "--nat-gateway-managed-outbound-ip-count",
    "--nat-gateway-idle-timeout", "--outbound-type", "--vm-set-type", "--service-principal", "--client-secret",
    "--assign-identity", "--assign-kubelet-identity", "--attach-acr", "--detach-acr", "--auto-upgrade-channel",
    "--node-os-upgrade-channel", "--aks-custom-headers", "--api-server-authorized-ip-ranges", "--private-dns-zone",
    "--aad-tenant-id", "--aad-admin-group-object-ids", "--workspace-resource-id", "--enable-addons", "-a",
    "--appgw-id", "--appgw-name", "--appgw-subnet-cidr", "--appgw-subnet-id", "--windows-admin-username",
    "--windows-admin-password", "--node-public-ip-prefix-id", "--ppg", "--edge-zone", "--node-resource-group",
    "--snapshot-id", "--cluster-snapshot-id", "--kubelet-config", "--linux-os-config", "--http-proxy-config",
    "--gpu-instance-profile", "--host-group-id", "--custom-ca-trust-certificates", "--image-cleaner-interval-hours",
    "--defender-config", "--k8s-support-plan", "--nrg-lockdown-restriction-level", "--pod-ip-allocation-mode",
    "--if-match", "--if-none-match", "--nodepool-initialization-taints", "--ssh-access", "--workload-runtime",
    "--crg-id", "--rotation-poll-interval",
  ]

  private static let many = [
    "--zones", "-z", "--tags", "--nodepool-tags", "--nodepool-labels", "--nodepool-taints", "--pod-cidrs",
    "--service-cidrs", "--ip-families", "--cluster-autoscaler-profile", "--ca-profile",
    "--nodepool-allowed-host-ports", "--nodepool-asg-ids", "--node-public-ip-tags",
  ]
}
