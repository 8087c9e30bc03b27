// The root command: all commands, in the order of the documentation.

internal import ArgumentParser
internal import FairleadModel

struct Fairlead: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fairlead",
    abstract: "The change ledger for kube-proxy: what is recorded, what it breaks, and how to get back.",
    discussion: """
      Fairlead records and judges; it never touches a cluster. Each report ends with the commands that carry the \
      change out.

      Exit codes: 0 done, 1 failed or declined, 3 not found, 4 refused, 5 conflict, 6 no daemon, 64 usage.
      """,
    version: fairleadVersion,
    subcommands: [
      CreateCommand.self, UpdateCommand.self, PlanCommand.self, ShowCommand.self, ListCommand.self,
      HistoryCommand.self, DiffCommand.self, RollbackCommand.self, ConfirmCommand.self, DeleteCommand.self,
      LogCommand.self, WatchCommand.self, ReportCommand.self, ExplainCommand.self, FeatureCommand.self,
      ProviderCommand.self,
      ExtensionCommand.self, AksCommand.self,
      CallCommand.self, StatusCommand.self, BenchCommand.self,
    ])

  // Read here too, so that these options are also accepted before the subcommand.
  @OptionGroup var global: GlobalOptions
}
