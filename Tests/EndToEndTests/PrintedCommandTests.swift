// The commands that reports print, read back by the parsers that they are for, with names that begin with '-'.

import ExactJSON
import Foundation
import Testing

@Suite("Printed commands", .timeLimit(.minutes(10)))
struct PrintedCommandTests {
  /// Reads a command line as az does, with Python's argparse, and prints the group, the name and the subscription.
  private static let az = """
    import argparse, sys
    parser = argparse.ArgumentParser(prog="az", allow_abbrev=False)
    parser.add_argument("words", nargs="*")
    for names in (["--resource-group", "-g"], ["--name", "-n"], ["--subscription"], ["--namespace"]):
        parser.add_argument(*names)
    for names in (["--kube-proxy-config"], ["--kubernetes-version"], ["--query"], ["--output", "-o"]):
        parser.add_argument(*names)
    read = parser.parse_args(sys.argv[1:])
    print(read.resource_group, read.name, read.subscription or "default", sep="\\n")
    """

  @Test(
    "parse again, and name the same cluster",
    arguments: ["(a)", "-x", "--help", "--yes", "-", "a.b", "-rf"],
    ["default", "my (sub) x", "-s"])
  func parse(group: String, subscription: String) throws {
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    var gates: JSONObject = ["namespace": "Microsoft.ContainerService"]
    var cluster: JSONObject = ["resourceGroup": .string(group), "name": "web"]
    if subscription != "default" {
      gates["subscription"] = .string(subscription)
      cluster["subscription"] = .string(subscription)
    }
    var commands: Set<String> = []
    func call(_ method: String, _ params: JSONObject, _ more: KeyValuePairs<String, JSON> = [:]) throws {
      var params = params
      for (key, value) in more { params[key] = value }
      collect(try client.call(method, .object(params)))
    }
    func collect(_ value: JSON) {
      switch value {
      case .string(let text):
        // Commands stand alone, or in quotation marks within a sentence.
        let quoted = text.matches(of: /'(fairlead [^']*(?:'[^' ]+'[^']*)*)'/).map { String($0.1) }
        for command in [text] + quoted where command.hasPrefix("fairlead ") || command.hasPrefix("az ") {
          commands.insert(command)
        }
      case .array(let items): items.forEach(collect)
      case .object(let object): object.members.forEach { collect($0.value) }
      case .null, .bool, .integer, .number: break
      }
    }
    try call("feature.register", gates, ["name": "KubeProxyConfigurationPreview"])
    try call("provider.register", gates)
    try call("cluster.create", cluster, ["config": ["mode": "IPVS"], "facts": ["kubernetesVersion": "1.30"]])
    try call("cluster.update", cluster, ["config": ["mode": "IPTABLES"], "confirmWithinSeconds": 100])
    try call("cluster.rollback", cluster)
    try call("cluster.delete", cluster)
    commands = commands.filter { $0.contains("web") && !$0.contains("...") }
    #expect(commands.count >= 5, "\(commands)")
    let az = try daemon.scratch.write(Self.az, to: "az.py")
    for command in commands.sorted() {
      let shell = "az() { python3 -I '\(az)' \"$@\"; }\n\(command)"
      let path = Programs.folder.path(percentEncoded: false) + ":/usr/bin:/bin"
      let finished = try Programs.run(
        "sh", ["-c", shell], in: daemon.scratch, environment: ["PATH": path, "FAIRLEAD_SOCKET": daemon.socket])
      if command.hasPrefix("az ") {
        #expect(finished.output == "\(group)\nweb\n\(subscription)\n", "\(command): \(finished.errors)")
      } else {
        // Whether it still has anything to do is another question; it was understood.
        #expect(finished.status != 64 && !finished.output.contains("USAGE"), "\(command): \(finished.errors)")
      }
    }
    #expect(daemon.stop() == 0)
  }
}
