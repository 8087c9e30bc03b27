// Shows one cluster, now or as it was.

internal import ExactJSON
internal import FairleadModel

struct ShowAction: CommandAction, Hashable {
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
    func cluster() throws(Failure) -> Cluster { try DaemonReply.read(json, Cluster.init(_:)) }
    return Document(
      json: json,
      table: { (form) throws(Failure) in
        Table([try cluster()], ClusterText.columns, for: form)
      },
      text: { (layout) throws(Failure) in ClusterText.render(try cluster(), layout) })
  }
}
