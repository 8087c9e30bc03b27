// Fairlead as one of the peers.

internal import LoadGenerator

struct FairleaddPeer: Peer {
  let programs: String
  private var socket = ""

  init(programs: String) { self.programs = programs }

  let name = "fairleadd"

  mutating func start(in folder: String, _ servers: Servers) throws -> Target {
    _ = try servers.fairleadd(programs: programs, scratch: folder)
    socket = "\(folder)/s.sock"
    try Workload(socket: socket, interruption: servers.interruption).prepare(clusters: Payload.nameCount)
    return .unix(socket)
  }

  var update: Load? {
    let templates = (0..<Payload.nameCount).map(Workload.requests.update)
    return Load(.lines, .recorded) { templates[$0].append($1, to: &$2) }
  }

  var read: Load? {
    let templates = (0..<Payload.nameCount).map(Workload.requests.get)
    return Load(.lines, .result) { templates[$0].append($1, to: &$2) }
  }

  var command: (program: String, arguments: [String])? {
    ("\(programs)/fairlead", ["show", "-g", "rg", "-n", "c0", "--socket", socket])
  }
}
