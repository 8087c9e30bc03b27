// What is to be measured, read from the options.

internal import FairleadModel

enum BenchWorkload: String, Sendable, Hashable, CaseIterable {
  // In the order in which they are measured: reads first, while the ledger is small.
  case get
  case history
  case update
  case mixed
  case watch

  /// Whether it records changes.
  var writes: Bool {
    switch self {
    case .get, .history: false
    case .update, .mixed, .watch: true
    }
  }
}

struct BenchPlan: Sendable, Hashable {
  /// In the order of measuring.
  let workloads: [BenchWorkload]
  /// Whether the user named them: then one that the daemon does not support is a failure.
  let areNamed: Bool
  let clients: [Int]
  let seconds: Double
  /// Requests in flight on each connection.
  let inFlight: Int
  /// The socket of a running daemon; `nil` for a scratch daemon.
  let socket: String?
  let directory: String?
  let check: Bool

  /// Below the daemon's limit of connections and this process's limit of descriptors.
  static let mostClients = 1000
  static let longest = 3600.0
  static let deepest = 1000

  init(
    workloads words: [String], clients: String, seconds: Double, inFlight: Int, socket: String?, directory: String?,
    check: Bool, write: Bool
  ) throws(Failure) {
    let named = try Self.workloads(words)
    let writes = socket == nil || write
    areNamed = !named.isEmpty
    workloads = BenchWorkload.allCases.filter { named.isEmpty ? writes || !$0.writes : named.contains($0) }
    self.clients = try Self.clients(clients)
    guard seconds > 0, seconds <= Self.longest else {
      throw .usage("cannot measure for \(seconds) seconds: --seconds is more than 0 and at most \(Int(Self.longest))")
    }
    guard (1...Self.deepest).contains(inFlight) else {
      throw .usage("cannot have \(inFlight) requests under way: --pipeline is from 1 to \(Self.deepest)")
    }
    (self.seconds, self.inFlight, self.socket, self.directory, self.check) =
      (seconds, inFlight, socket, directory, check)
    if write, socket == nil {
      throw .usage("cannot take --write without --socket: a daemon of its own is always written to")
    }
    if let workload = workloads.first(where: \.writes), !writes {
      throw .usage(
        "cannot measure '\(workload.rawValue)' on a daemon that is in use: its changes would stay in the ledger for ever",
        hints: ["Say --write if that is meant, or leave --socket out to measure a daemon of its own."])
    }
  }

  private static func workloads(_ words: [String]) throws(Failure) -> [BenchWorkload] {
    var workloads: [BenchWorkload] = []
    for word in words.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      guard let workload = BenchWorkload(rawValue: word.lowercased()) else {
        let known = BenchWorkload.allCases.map(\.rawValue).joined(separator: ", ")
        throw .usage("cannot measure '\(word)': a workload is one of \(known)")
      }
      workloads.append(workload)
    }
    return workloads
  }

  private static func clients(_ text: String) throws(Failure) -> [Int] {
    var clients: [Int] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(word), (1...mostClients).contains(number) else {
        throw .usage(
          "cannot take '\(word)' for --clients: it is a number from 1 to \(mostClients), or several with commas")
      }
      if !clients.contains(number) { clients.append(number) }
    }
    return clients
  }

  /// How many clusters are needed: one for each client of the largest number.
  var clusters: Int { clients.max() ?? 1 }
}
