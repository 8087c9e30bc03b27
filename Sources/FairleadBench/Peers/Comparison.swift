// The same work on each peer in turn, in rounds, so that other load on this machine affects all of them alike.

internal import ExactJSON
internal import LoadGenerator
internal import FairleadModel
internal import Glibc

struct Comparison {
  let servers: Servers
  let programs: String
  let scratch: String
  let rounds: Int

  /// Seconds of one measurement, and runs of a whole process in one round.
  private static let seconds = 2.0
  private static let runs = 50

  func run() throws {
    let payload = try self.payload()
    var peers: [any Peer] = [FairleaddPeer(programs: programs)]
    for peer: any Peer in [Ovsdb(payload: payload), Redis(payload: payload), Etcd(payload: payload)] {
      guard let (programs, package) = peer.needs, let missing = programs.first(where: { Machine.path(of: $0) == nil })
      else {
        peers.append(peer)
        continue
      }
      Progress.say("skipping \(peer.name): there is no \(missing) here; 'apt-get install \(package)' brings it")
    }
    peers.append(NIOEcho(payload: payload, programs: programs))
    var results: [Round] = []
    for number in 1...rounds {
      var round = Round()
      for index in peers.indices {
        Progress.say("round \(number) of \(rounds): \(peers[index].name)")
        try measure(&peers[index], &round)
      }
      Progress.say("round \(number) of \(rounds): SQLite alone")
      try measureFloor(&round)
      try measureGenerator(payload, &round)
      results.append(round)
    }
    print(ComparisonText.report(results, peers.map(\.name), payload))
  }

  private func measure(_ peer: inout any Peer, _ round: inout Round) throws {
    let folder = try Folder.make(scratch)
    defer { Folder.remove(folder) }
    defer { servers.stopAll() }
    if peer.name == "fairleadd" {
      let interruption = servers.interruption
      round.sync = try DiskProbe.fdatasync(in: folder, rounds: 400, interruption).percentile(50)
      round.syncInPlace = try DiskProbe.fdatasync(.overwriting, in: folder, rounds: 400, interruption).percentile(50)
    }
    let target = try peer.start(in: folder, servers)
    let (update, read) = (peer.update, peer.read)
    for work in Work.allCases {
      guard let load = work.isUpdate ? update : read else { continue }
      // First a warm-up of a tenth of the time, which does not count.
      for share in [0.1, 1] {
        let result = try LoadRun.run(
          load, on: target, clients: work.clients, for: .seconds(Self.seconds * share), servers.interruption)
        round.perSecond[peer.name, default: [:]][work] = result.perSecond
        round.median[peer.name, default: [:]][work] = result.all.percentile(50)
      }
    }
    if peer.name == "fairleadd" { try measureWatch(target, &round) }
    if let (program, arguments) = peer.command {
      let name = ComparisonText.processName(program, arguments)
      round.process[name] = try servers.medianRun(program, arguments, rounds: Self.runs)
    }
  }

  private func measureWatch(_ target: Target, _ round: inout Round) throws {
    var first = 50_000
    for watchers in [1, 100] {
      do {
        let result = try WatchRun.run(
          watch: Workload.requests.watch(0), change: Workload.requests.update(0), from: first, on: target,
          watchers: watchers, for: .seconds(Self.seconds), servers.interruption)
        first += result.change.count
        round.watch[watchers] = result.last.percentile(50)
      } catch {
        guard case .refused(let reply) = error, try Self.lacksTheMethod(reply) else { throw error }
        Progress.say("skipping the watch: this fairleadd has no change.watch")
        return
      }
    }
  }

  private static func lacksTheMethod(_ reply: [UInt8]) throws -> Bool {
    let error = try JSON(parsing: reply)["error"]
    return error?["data"]?["kind"]?.stringValue == ErrorCode.unknownMethod.rawValue
  }

  private func measureFloor(_ round: inout Round) throws {
    for (name, group) in [("SQLite alone", 1), ("SQLite alone, groups of 64", 64)] {
      let folder = try Folder.make(scratch)
      defer { Folder.remove(folder) }
      try Folder.copy(seed, to: "\(folder)/floor.db")
      let floor = try SQLiteFloor("\(folder)/floor.db")
      let (perSecond, latencies) = try floor.measure(group: group, seconds: Self.seconds, servers.interruption)
      let work = group == 1 ? Work.update1 : Work.update64
      round.perSecond[name] = [work: perSecond]
      round.median[name] = [work: latencies.percentile(50)]
    }
    if Machine.path(of: "sqlite3") != nil {
      round.process["sqlite3 --version"] = try servers.medianRun("sqlite3", ["--version"], rounds: Self.runs)
    } else {
      Progress.say("skipping sqlite3: 'apt-get install sqlite3' brings it")
    }
  }

  /// The rate of the generator itself, against a thread that only echoes.
  private func measureGenerator(_ payload: Payload, _ round: inout Round) throws {
    for work in [Work.read1, .read64] {
      let result = try EchoServer.measure(
        requestBytes: payload.requestBytes, replyBytes: payload.state.utf8.count + 1, clients: work.clients,
        inFlight: 1,
        for: .seconds(Self.seconds), servers.interruption)
      round.perSecond[Self.generator, default: [:]][work] = result.perSecond
      round.median[Self.generator, default: [:]][work] = result.all.percentile(50)
    }
  }

  static let generator = "bare echo of the generator"

  /// The ledger that the payload is taken from, and to which SQLite alone adds rows.
  private var seed: String { "\(scratch)/seed.db" }

  /// Creates a ledger with the clusters of a run, and takes a record and a cluster's state from it.
  private func payload() throws -> Payload {
    let folder = try Folder.make(scratch)
    defer { Folder.remove(folder) }
    let daemon = try servers.fairleadd(programs: programs, scratch: folder)
    let workload = Workload(socket: "\(folder)/s.sock", interruption: servers.interruption)
    try workload.prepare(clusters: Payload.nameCount)
    // Several times: the record of a cluster's first change is longer than those that follow.
    _ = try workload.update(clients: Payload.nameCount, requests: 4 * Payload.nameCount)
    let get = Workload.requests.get(0)
    let reply = try LoadRun.ask(get, on: .unix(workload.socket), servers.interruption)
    let state = String(decoding: reply.dropLast(), as: UTF8.self)
    servers.stop(daemon)
    try Folder.copy("\(folder)/ledger.db", to: seed)
    return Payload(record: try SQLiteFloor(seed).record, state: state, requestBytes: get.count)
  }
}
