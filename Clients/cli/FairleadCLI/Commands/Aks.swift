// `fairlead aks`: the commands of `az aks` that have a meaning here, for someone with az in their fingers.

internal import ArgumentParser
internal import FairleadFormats
internal import ExactJSON
internal import FairleadModel

struct AksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aks", abstract: "The same as 'az aks': az-shaped JSON on stdout, the report on stderr.",
    discussion: """
      Nothing but delete asks. Flags of az that provision something are accepted and named in a note, since Fairlead \
      records and provisions nothing.

      Example:
        fairlead aks update --resource-group prod --name web \\
          --kube-proxy-config kube-proxy.json
      """,
    subcommands: [
      AksCreateCommand.self, AksUpdateCommand.self, AksShowCommand.self, AksListCommand.self, AksDeleteCommand.self,
    ])

  /// The flags of `aks create` and `aks update` that have a meaning here, for suggestions.
  static let flags =
    FactKey.allCases.map(\.flag) + [
      "--resource-group", "--name", "--kube-proxy-config", "--from", "--label", "--api-version", "--message",
      "--if-revision", "--if-seq", "--override", "--yes", "--dry-run", "--plan", "--request-id", "--subscription",
      "--socket", "--output",
    ]
}

/// A command under `aks`, which speaks JSON where nothing else is asked for.
protocol AksSubcommand: FairleadCommand {}

extension AksSubcommand {
  static var defaultOutput: Output { .json }
}

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
