// `fairlead plan`: the group of commands that show the report of a change and record nothing.

internal import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a change would do; record nothing.",
    discussion: """
      Takes the options of the change itself. With --detailed-exitcode it ends with 0 for no change, 2 for changes, \
      and 4 for what would be refused.

      Examples:
        fairlead plan update -g prod -n web --kube-proxy-config kube-proxy.json
        fairlead plan update --label env=prod --kube-proxy-config kube-proxy.json
      """,
    subcommands: [
      PlanCreateCommand.self, PlanUpdateCommand.self, PlanRollbackCommand.self, PlanDeleteCommand.self,
    ],
    aliases: ["what-if"])
}
