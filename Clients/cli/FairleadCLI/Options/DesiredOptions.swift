// What a create or an update sets: the configuration, the facts, the labels, and the API version that carries them.

internal import ArgumentParser
internal import FairleadFormats
internal import ExactJSON
internal import FairleadModel

struct DesiredOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kube-proxy configuration, a JSON file; it replaces the whole. '-' is stdin.", valueName: "file"),
    completion: .file())
  var kubeProxyConfig: String?

  @Option(
    help: ArgumentHelp(
      "Take configuration and facts from a managedCluster: 'az aks show' output, an ARM resource or template.",
      valueName: "file"),
    completion: .file())
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Set a label, or remove one with 'key-'. In an update without --name: select the clusters that have it. May be "
        + "repeated.", valueName: "key=value"))
  var label: [String] = []

  @Option(
    name: .customLong("api-version"),
    help: ArgumentHelp("The REST API version that carries the change.", valueName: "date"))
  var apiVersion: String?

  /// What is to be set, read from the options and their files.
  struct Desired: Sendable, Hashable {
    var config: JSON?
    var facts = JSONObject()
    var labels = JSONObject()
    var apiVersion: String?
    /// Where the configuration was read, for the message if it is refused.
    var document: String?
    /// What a person should know about how the files were read.
    fileprivate var notes: [String] = []

    var isEmpty: Bool { config == nil && facts.isEmpty && labels.isEmpty }

    func write(to builder: inout JSONObjectBuilder) {
      builder.set("config", ifPresent: config)
      if !facts.isEmpty { builder.set("facts", .object(facts)) }
      if !labels.isEmpty { builder.set("labels", .object(labels)) }
      builder.set("apiVersion", ifPresent: apiVersion)
    }
  }

  /// Reads what many clusters are to become: --label selects them, and --from has the facts of one cluster only.
  func readForFleet(_ facts: FactOptions, to action: String, _ console: any Console) throws(Failure) -> Desired {
    guard from == nil else {
      throw .usage(
        "cannot take --from without --name: it has the facts of one cluster; give the configuration with "
          + "--kube-proxy-config")
    }
    var unlabelled = self
    unlabelled.label = []
    let desired = try unlabelled.read(facts, name: "", console)
    guard desired.isEmpty else { return desired }
    throw .usage(
      "cannot \(action) the clusters with \(label.joined(separator: ", ")): nothing to change was given",
      hints: [
        "Give --kube-proxy-config, or a fact such as --kubernetes-version.",
        "Without --name, --label selects clusters; labels are set on one cluster at a time, with --name.",
      ])
  }

  /// Reads the files, and writes notes on how they were read to `console`. Flags win over the facts of a managedCluster.
  func read(_ facts: FactOptions, name: String, _ console: any Console) throws(Failure) -> Desired {
    var desired = Desired()
    desired.apiVersion = apiVersion
    switch (kubeProxyConfig, from) {
    case (_?, _?):
      throw .usage("cannot take both --kube-proxy-config and --from: the configuration comes from one of them")
    case (let path?, nil):
      let file = InputFile(path)
      desired.config = try Self.config(in: file)
      desired.document = file.name
    case (nil, let path?):
      try Self.read(InputFile(path), name: name, into: &desired)
    case (nil, nil): break
    }
    for member in try facts.parameters().members { desired.facts[member.key] = member.value }
    desired.labels = try LabelSyntax.patch(label)
    for word in label {
      guard let parts = LabelSyntax.joined(word) else { continue }
      desired.notes.append(
        "'\(word)' is one label; for several give --label once for each: "
          + parts.map { spelled("--label", $0) }.joined(separator: " "))
    }
    desired.notes.forEach(console.note)
    return desired
  }

  /// The configuration in a file. What is another document altogether is refused here, with the option that takes it.
  private static func config(in file: InputFile) throws(Failure) -> JSON {
    let value = JSON.object(try file.object())
    guard let mistaken = MistakenDocument(value) else { return value }
    let hint: String
    switch mistaken {
    case .managedCluster: hint = "For one cluster, give it with --from, which takes the facts too."
    case .wrapped(let key): hint = "'jq .\(key)' prints what is in there; '--kube-proxy-config -' reads it from stdin."
    case .kubernetes: hint = "A document of AKS's form: {\"mode\":\"NFTABLES\"}."
    }
    throw .usage(
      "cannot take \(file.name) for --kube-proxy-config: \(mistaken.explanation)", hints: [hint])
  }

  private static func read(_ file: InputFile, name: String, into desired: inout Desired) throws(Failure) {
    let document = JSON.object(try file.object())
    let cluster: ManagedCluster
    do throws(Refusal) {
      cluster = try ManagedCluster(document)
    } catch {
      throw .usage("\(error.message) (in \(file.name))")
    }
    desired.config = cluster.config
    desired.facts = cluster.facts
    desired.document = "networkProfile.kubeProxyConfig of \(file.name)"
    desired.notes = cluster.notes
    if let other = cluster.name, other.folded != name.folded {
      desired.notes.append("The document is of the cluster '\(other)'; it is recorded for '\(name)'.")
    }
    if cluster.config == nil {
      desired.notes.append("The document has no kubeProxyConfig: only facts were taken from it.")
    }
  }
}
