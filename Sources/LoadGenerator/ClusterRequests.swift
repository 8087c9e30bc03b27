// The measured requests to Fairlead: real changes with their reports, on clusters that nothing else uses.

/// Requests for the clusters `<prefix>0`, `<prefix>1`, ... of one resource group, as lines.
package struct ClusterRequests: Sendable, Hashable {
  package let resourceGroup: String
  package let prefix: String

  package init(resourceGroup: String, prefix: String) {
    (self.resourceGroup, self.prefix) = (resourceGroup, prefix)
  }

  /// The requests that must come before a cluster may have a configuration, in order.
  package static let gates = [
    line(
      "feature.register",
      #""namespace":"Microsoft.ContainerService","name":"KubeProxyConfigurationPreview""#),
    line("provider.register", #""namespace":"Microsoft.ContainerService""#),
  ]

  /// Creates a cluster with the facts that a report uses.
  package func create(_ cluster: Int) -> RequestTemplate {
    Self.line(
      "cluster.create",
      key(cluster) + #","message":"measured","config":{"mode":"IPVS"},"labels":{"env":"prod"},"facts":"#
        + #"{"kubernetesVersion":"1.34","networkPlugin":"azure","networkPolicy":"calico","nodeCount":12,"#
        + #""minKernelVersion":"6.8","serviceCount":400,"podsPerService":10,"connectionsPerService":300}"#)
  }

  package func get(_ cluster: Int) -> RequestTemplate { Self.get(key(cluster)) }

  /// `cluster.get` of the cluster that these members name.
  package static func get(_ key: String) -> RequestTemplate { line("cluster.get", key) }

  /// The last 20 revisions of a cluster.
  package func history(_ cluster: Int) -> RequestTemplate { Self.history(key(cluster)) }

  /// The last 20 revisions of the cluster that these members name.
  package static func history(_ key: String) -> RequestTemplate { line("cluster.history", key + #","limit":20"#) }

  /// Changes an effective value, so that rules and gates apply and the change is recorded with its report.
  package func update(_ cluster: Int) -> RequestTemplate {
    Self.line(
      "cluster.update",
      key(cluster) + #","message":"measured","config":{"mode":"IPVS","ipvsConfig":"#
        + #"{"scheduler":"LeastConnection","tcpTimeoutSeconds":######}}"#)
  }

  package func delete(_ cluster: Int) -> RequestTemplate {
    Self.line("cluster.delete", key(cluster) + #","message":"measured""#)
  }

  /// Watches the changes of a cluster from now on.
  package func watch(_ cluster: Int) -> RequestTemplate { Self.line("change.watch", key(cluster)) }

  private func key(_ cluster: Int) -> String {
    #""resourceGroup":"\#(resourceGroup)","name":"\#(prefix)\#(cluster)""#
  }

  package static func line(_ method: String, _ params: String) -> RequestTemplate {
    RequestTemplate(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"# + params + "}}\n")
  }
}
