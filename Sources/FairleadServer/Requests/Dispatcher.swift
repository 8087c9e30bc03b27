// From a line to its reply: decode the envelope, authorize, decode the parameters, call the service, encode the result.

internal import ExactJSON
internal import FairleadModel
package import FairleadService
internal import FairleadStore
internal import FairleadWire

/// Decodes lines for the event loop and the workers, and puts every result into its reply.
package struct Dispatcher: Sendable {
  let registry: Registry
  private let socketPath: String
  /// Called after a change that may have set a deadline: of a registration step, or of a change to be confirmed.
  private let onDeadline: @Sendable () -> Void

  package init(registry: Registry, socketPath: String, onDeadline: @escaping @Sendable () -> Void) {
    self.registry = registry
    self.socketPath = socketPath
    self.onDeadline = onDeadline
  }

  /// Decodes a line, and answers each request of it that the peer may not make.
  func decode(_ line: [UInt8], from peer: Peer) -> DecodedLine {
    switch Message(line: line) {
    case .one(let request): .single(decode(request, from: peer))
    case .batch(let requests): .batch(requests.map { decode($0, from: peer) })
    }
  }

  private func decode(_ item: Message.Item, from peer: Peer) -> DecodedRequest {
    let request: Request
    do throws(Request.Malformed) {
      request = try item.get()
    } catch {
      return .answered(Reply(id: error.id, outcome: .failure(error.refusal)).line)
    }
    let id = request.id
    do throws(Refusal) {
      let method = try Method.named(request.method)
      try authorize(peer, for: method)
      switch try method.call(request.params) {
      case .change(let change, let options):
        return options.dryRun ? .plan(change, options, id: id) : .write(.change(change, options), id: id)
      case .apply(let apply): return apply.dryRun ? .planApply(apply, id: id) : .write(.apply(apply), id: id)
      case .read(let read): return read.isInMemory ? .memoryRead(read, id: id) : .read(read, id: id)
      case .watch(let watch): return .watch(watch, id: id)
      }
    } catch {
      return .answered(reply(to: id, .failure(error)))
    }
  }

  // MARK: Answers

  /// Answers a read from memory, unless its cluster is not loaded yet.
  func memoryRead(_ read: ReadRequest, id: JSON?) -> MemoryRead {
    do throws(Refusal) {
      guard let text = try memoryResult(of: read) else { return .notInMemory }
      return .answered(reply(to: id, .success(text)))
    } catch {
      return .answered(reply(to: id, .failure(error)))
    }
  }

  /// The result of a read, as JSON text; `nil` where memory does not have it.
  private func memoryResult(of read: ReadRequest) throws(Refusal) -> [UInt8]? {
    switch read {
    case .cluster(let key, .now): try registry.loadedClusterText(key)
    case .feature(let key): registry.feature(key).text
    case .provider(let key): registry.provider(key).text
    case .extension(let name): try registry.clientExtension(name).text
    case .describe:
      RegistryDescription(
        version: fairleadVersion, socket: socketPath, database: registry.databasePath, head: registry.lastSeq,
        settleSeconds: registry.settleSeconds
      ).json.bytes
    case .health: health().bytes
    case .discover: OpenRPC.text
    case .cluster(_, .revision), .cluster(_, .at), .clusters, .history, .diff, .features, .providers, .extensions,
      .change, .changes, .report:
      nil
    }
  }

  /// Hands a change of `sender` to the writer. `finish` gets the reply, and the change's number where one was recorded, on any
  /// thread. `run` has a worker do what is left where the answer is long.
  func submit(
    _ request: WriteRequest, id: JSON?, by actor: Actor, from sender: ObjectIdentifier, bytes: Int,
    run: @escaping @Sendable (Work) -> Void, finish: @escaping @Sendable (_ reply: [UInt8]?, _ seq: Int?) -> Void
  ) {
    let refused: @Sendable (Refusal) -> @Sendable () -> Void = { refusal in
      let reply = reply(to: id, .failure(refusal))
      return { finish(reply, nil) }
    }
    let operation: PendingWrite.Operation
    switch request {
    case .change(let change, let options):
      operation = .change(change, options) { result in
        switch result {
        case .success(let outcome):
          let reply = reply(to: id, .success(outcome.text))
          let (seq, setsDeadline) = (outcome.seq, outcome.seq != nil && outcome.setsDeadline)
          return {
            if setsDeadline { onDeadline() }
            finish(reply, seq)
          }
        case .failure(let refusal): return refused(refusal)
        }
      }
    case .apply(let apply):
      operation = .apply(apply, encode: { $0.json }) { result in
        switch result {
        case .success(.new(let outcome)):
          let (reply, seq) = (reply(to: id, .success(outcome.text)), outcome.seq)
          return {
            if seq != nil { onDeadline() }
            finish(reply, seq)
          }
        case .success(.repeated(let earlier)):
          let work = Work.once(.bulk) {
            let result = Result { () throws(Refusal) in try registry.outcome(of: earlier).text }
            finish(reply(to: id, result), earlier.seq)
          }
          return { run(work) }
        case .failure(let refusal): return refused(refusal)
        }
      }
    }
    registry.submit(
      PendingWrite(operation, by: actor, arrival: registry.clocks, bytes: bytes, from: sender))
  }

  /// Why a request of a batch is not done whose replies are too long already.
  static var batchTooLarge: Refusal {
    Refusal(
      .tooLarge(limit: Limits.batchReplyBytes),
      "cannot answer this request in its batch: the replies before it are longer than \(Limits.batchReplyBytes) bytes; "
        + "send it alone")
  }

  /// Where a watch begins: after the change that it names, which must exist. `lastSeq` is the last change.
  func start(of watch: WatchRequest) throws(Refusal) -> (after: Int, lastSeq: Int) {
    let lastSeq = registry.lastSeq
    guard let after = watch.after else { return (lastSeq, lastSeq) }
    guard after <= lastSeq else {
      throw .invalid("after", "cannot watch what comes after change \(after): the last one is \(lastSeq)")
    }
    return (after, lastSeq)
  }

  /// The reply to the request with this `id`; `nil` for a notification.
  func reply(to id: JSON?, _ outcome: Result<[UInt8], Refusal>) -> [UInt8]? {
    guard let id else { return nil }
    switch outcome {
    case .success(let result): return Reply.line(id: id, result: result)
    case .failure(let refusal): return Reply(id: id, outcome: .failure(refusal)).line
    }
  }

  private func authorize(_ peer: Peer, for method: Method) throws(Refusal) {
    let order = Role.allCases
    guard let has = order.firstIndex(of: peer.role), let needs = order.firstIndex(of: method.role), has >= needs else {
      throw Refusal(
        .denied(role: peer.role.rawValue, needed: method.role.rawValue),
        "cannot call \(method.name) as \(peer.actor.name): it needs the role \(method.role.rawValue)")
    }
  }

  private func health() -> JSON {
    registry.lookAtClock()
    let pending = registry.pendingConfirms
    let reasons = registry.health.reasons
    let loadedClusters = registry.loadedClusters
    var builder = JSONObjectBuilder()
    builder.set("status", registry.health.status(isLoading: loadedClusters != nil).rawValue)
    builder.set("head", registry.lastSeq)
    builder.set("pendingConfirms", pending.count)
    builder.set("firstDeadline", ifPresent: pending.first?.text)
    builder.set("loadedClusters", ifPresent: loadedClusters)
    builder.set("reason", ifPresent: reasons.first?.message)
    builder.set("reasons", .array(reasons.map(\.json)))
    builder.set("wal", registry.monitor.wal.json)
    return builder.json
  }
}

extension ReadRequest {
  /// Whether the state in memory answers it once it is loaded, so that it need not leave the event loop. The OpenRPC document
  /// is there too, but is so long that a batch which asks for it a hundred times would hold up the loop.
  fileprivate var isInMemory: Bool {
    switch self {
    case .cluster(_, .now), .feature, .provider, .extension, .describe, .health: true
    case .cluster(_, .revision), .cluster(_, .at), .clusters, .history, .diff, .features, .providers, .extensions,
      .change, .changes, .report, .discover:
      false
    }
  }
}
