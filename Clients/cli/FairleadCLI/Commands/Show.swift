// `fairlead show`: one cluster, now or as it was.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ShowCommand: FastPathCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a cluster, now or as it was.",
    discussion: """
      Example:
        fairlead show -g prod -n web --at 2026-11-22T21:00:00Z
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  @Option(help: ArgumentHelp("As it was once this revision had been recorded.", valueName: "n"))
  var revision: Int?

  @Option(help: ArgumentHelp("As it was at this time.", valueName: "time"))
  var at: String?

  @OptionGroup(title: "CommonOptions") var global: GlobalOptions

  var work: ShowAction {
    ShowAction(common: common, key: cluster.key(global), revision: revision, at: at)
  }
}

struct ShowAction: FastPathAction, Hashable {
  let common: CommonOptions
  let key: ClusterKey
  let revision: Int?
  let at: String?

  func parameters() throws(Failure) -> JSONObject {
    guard revision == nil || at == nil else { throw .usage("cannot take both --revision and --at: give one of them") }
    var builder = key.parameters
    builder.set("revision", ifPresent: revision)
    builder.set("at", ifPresent: at)
    return builder.object
  }

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    let json = try session.call("cluster.get", parameters())
    try session.show(Self.document(json))
    return .done
  }

  static func document(_ json: JSON) -> Document {
    func cluster() throws(Failure) -> Cluster { try Session.read(json, Cluster.init(_:)) }
    return Document(
      json: json,
      table: { (form) throws(Failure) in
        Table([try cluster()], ClusterText.columns, for: form)
      },
      text: { (layout) throws(Failure) in ClusterText.render(try cluster(), layout) })
  }
}

extension ShowAction {
  init?(_ words: inout FastPathArguments) {
    common = words.takeCommonOptions()
    guard let key = words.takeCluster(common) else { return nil }
    self.key = key
    revision = words.take("--revision", as: Int.init)
    at = words.take("--at")
  }
}
