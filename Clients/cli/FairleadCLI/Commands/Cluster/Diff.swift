// `fairlead diff`: two revisions of a cluster side by side, in effect.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct DiffCommand: FairleadCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what two revisions differ in, in effect.",
    discussion: """
      Without revisions it compares the current one with the one before.

      Example:
        fairlead diff -g prod -n web 3 5
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions

  @Argument(help: "The older revision; the one before TO by default.") var from: Int?
  @Argument(help: "The newer revision; the current one by default.") var to: Int?

  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func execute(in session: Session) throws(Failure) -> CommandStatus {
    var builder = cluster.key(common).parameters
    builder.set("from", ifPresent: from)
    builder.set("to", ifPresent: to)
    let json = try session.call("cluster.diff", builder.object)
    let name = cluster.key(common).display
    func diff() throws(Failure) -> [DiffEntry] {
      try DaemonReply.read(json) { (r) throws(Refusal) in
        try r.objects("diff") { (r) throws(Refusal) in try DiffEntry(r) }
      }
    }
    try session.show(
      Document(
        json: json,
        table: { (form) throws(Failure) in
          Table(try diff(), LedgerText.differences, for: form)
        },
        text: { (layout) throws(Failure) in Self.text(try diff(), json, name, Style(layout)) }))
    return .done
  }

  static func text(_ diff: [DiffEntry], _ json: JSON, _ name: String, _ style: Style) -> String {
    let from = json["from"]?.intValue.map(String.init) ?? "?"
    let to = json["to"]?.intValue.map(String.init) ?? "?"
    let head = "\(style.bold(sanitized(name)))  revision \(from) -> \(to)"
    let lines = diff.isEmpty ? ["  No difference in effect."] : DiffText.lines(diff)
    return ([head] + lines).joined(separator: "\n") + "\n"
  }
}
