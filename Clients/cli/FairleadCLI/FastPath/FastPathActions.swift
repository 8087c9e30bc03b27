// How the fast path reads each of its six actions.

internal import FairleadModel

extension ShowAction: FastPathAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    guard let key = words.takeCluster(common) else { return nil }
    self.key = key
    revision = words.take("--revision", as: Int.init)
    at = words.take("--at")
  }
}

extension ListAction: FastPathAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    filter = ClusterFilter(
      subscription: common.namedSubscription, resourceGroup: words.take("--resource-group", "-g"),
      labels: words.take("--label").map { [$0] } ?? [])
    limit = words.takeLimit()
  }
}

extension HistoryAction: FastPathAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    guard let key = words.takeCluster(common) else { return nil }
    self.key = key
    limit = words.takeLimit()
    format = words.take("--format", as: Format.init(rawValue:))
  }
}

extension LogAction: FastPathAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    after = words.take("--after", as: Int.init)
    follow = false
    resourceGroup = words.take("--resource-group", "-g")
    name = words.take("--name", "-n")
    kind = words.take("--kind", as: ResourceKind.init(rawValue:))
    limit = words.takeLimit()
  }
}

extension ReportAction: FastPathAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    guard let seq = words.takeArgument().flatMap({ Int($0) }) else { return nil }
    self.seq = seq
    format = words.take("--format", as: ReportFormat.init(rawValue:))
  }
}

extension StatusAction: FastPathAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    timeout =
      words.take("--timeout") { word in Int(word).flatMap { Self.timeouts.contains($0) ? $0 : nil } }
      ?? Self.defaultTimeout
  }
}
