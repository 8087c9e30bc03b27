// The parameters of a cluster's changes, from what the options came to.

internal import ExactJSON
internal import FairleadModel

enum ClusterChange {
  static func patch(
    _ cluster: ClusterOptions, _ desired: DesiredOptions.Desired, _ guards: GuardOptions, _ message: MessageOptions,
    _ global: GlobalOptions
  ) -> JSONObject {
    var builder = cluster.parameters(global)
    desired.write(to: &builder)
    message.write(to: &builder)
    guards.write(to: &builder)
    return builder.object
  }

  static func rollback(
    _ cluster: ClusterOptions, toRevision: Int?, apiVersion: String?, _ guards: GuardOptions,
    _ message: MessageOptions, _ global: GlobalOptions
  ) -> JSONObject {
    var builder = cluster.parameters(global)
    builder.set("toRevision", ifPresent: toRevision)
    builder.set("apiVersion", ifPresent: apiVersion)
    message.write(to: &builder)
    guards.write(to: &builder)
    return builder.object
  }

  static func delete(
    _ cluster: ClusterOptions, _ guards: GuardOptions, _ message: MessageOptions, _ global: GlobalOptions
  ) -> JSONObject {
    var builder = cluster.parameters(global)
    message.write(to: &builder)
    guards.write(to: &builder)
    return builder.object
  }

  /// Refuses an update that would change nothing, since something was forgotten.
  static func requireSomething(_ desired: DesiredOptions.Desired, _ cluster: ClusterOptions) throws(Failure) {
    guard desired.isEmpty else { return }
    throw .usage(
      "cannot update \(cluster.resourceGroup)/\(cluster.name): nothing to change was given",
      hints: ["Give --kube-proxy-config or --from, a fact such as --node-count, or --label."])
  }
}
