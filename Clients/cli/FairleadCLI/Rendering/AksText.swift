// A cluster as `az aks show` has it: the JSON of az, and the columns of az that the ledger can fill.

internal import FairleadFormats
internal import FairleadModel

enum AksText {
  /// The columns of `az aks show -o table` that the ledger can fill, and the mode.
  static let columns: [Column<Cluster>] = [
    Column("Name", "NAME") { $0.key.name },
    Column("ResourceGroup", "GROUP") { $0.key.resourceGroup },
    Column("KubernetesVersion", "K8S") { $0.facts.version(.kubernetesVersion)?.text ?? "-" },
    Column("NetworkPlugin", "PLUGIN") { $0.facts.word(.networkPlugin) ?? "-" },
    Column("KubeProxyMode", "MODE") { ClusterText.mode($0.config) },
  ]

  static func document(_ cluster: Cluster) -> Document {
    Document(
      json: AzureShape.cluster(cluster),
      table: { form in Table([cluster], columns, for: form) },
      text: { ClusterText.render(cluster, $0) })
  }

  /// What az prints after a change.
  static func document(_ answer: ChangeAnswer) -> Document? {
    guard case .cluster(let cluster) = answer.resource, !cluster.deleted else { return nil }
    return document(cluster)
  }
}
