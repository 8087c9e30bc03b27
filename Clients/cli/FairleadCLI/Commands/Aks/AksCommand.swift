// `fairlead aks`: the commands of `az aks` that have a meaning here, with the same names and flags.

internal import ArgumentParser

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
}
