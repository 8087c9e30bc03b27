// From a line to its reply: read the envelope, authorize, read the parameters, call the service, encode.

internal import FairleadJSON
internal import FairleadModel
package import FairleadService
internal import FairleadWire

/// The peer of a connection, and what it may do.
struct Peer: Sendable {
  let actor: Actor
  let role: Role
}

/// What a line comes to once it is decoded.
enum Decoded: Sendable {
  /// Refused as it stands; `nil` for a notification.
  case answered([UInt8]?)
  /// A read, for any worker.
  case read(ReadRequest, id: JSON?)
  /// A change, for the one writer.
  case change(ChangeRequest, ChangeOptions, id: JSON?)
  /// Many changes: for the one writer, or where they are only planned for any worker.
  case apply(ApplyRequest, id: JSON?)
}

package struct Dispatcher: Sendable {
  private let registry: Registry
  private let socketPath: String
  /// Called after a change that may have set a deadline: a registration step, or a change to be confirmed.
  private let onDeadline: @Sendable () -> Void

  package init(registry: Registry, socketPath: String, onDeadline: @escaping @Sendable () -> Void) {
    self.registry = registry
    self.socketPath = socketPath
    self.onDeadline = onDeadline
  }

  /// Decodes a line, and answers it where it is none that may be done.
  func decode(_ line: [UInt8], from peer: Peer) -> Decoded {
    let request: Request
    do throws(Request.Malformed) {
      request = try Request(line: line)
    } catch {
      return .answered(Reply(id: error.id, outcome: .failure(error.refusal)).line)
    }
    do throws(Refusal) {
      let method = try Method.named(request.method)
      try authorize(peer, for: method)
      switch try method.call(request.params) {
      case .change(let change, let options): return .change(change, options, id: request.id)
      case .apply(let apply): return .apply(apply, id: request.id)
      case .read(let read): return .read(read, id: request.id)
      }
    } catch {
      return .answered(reply(to: request.id, .failure(error)))
    }
  }

  /// Reads, and answers.
  func perform(_ read: ReadRequest, id: JSON?) -> [UInt8]? {
    do throws(Refusal) {
      return reply(to: id, .success(try result(of: read)))
    } catch {
      return reply(to: id, .failure(error))
    }
  }

  /// Makes a change, and answers it.
  func perform(_ request: ChangeRequest, _ options: ChangeOptions, id: JSON?, by actor: Actor) -> [UInt8]? {
    do throws(Refusal) {
      let outcome = try registry.change(request, options, by: actor)
      if outcome.seq != nil, outcome.setsDeadline { onDeadline() }
      return reply(to: id, .success(outcome.json))
    } catch {
      return reply(to: id, .failure(error))
    }
  }

  /// Makes many changes, and answers them.
  func perform(_ request: ApplyRequest, id: JSON?, by actor: Actor) -> [UInt8]? {
    do throws(Refusal) {
      let outcome = try registry.apply(request, by: actor) { $0.json }
      if outcome.seq != nil { onDeadline() }
      return reply(to: id, .success(outcome.json))
    } catch {
      return reply(to: id, .failure(error))
    }
  }

  /// Answers a change whose turn came too late.
  func tooLate(id: JSON?) -> [UInt8]? {
    reply(
      to: id,
      .failure(
        Refusal(
          .busy(retryAfterMs: 1000),
          "cannot write now: changes before this one take long, such as an apply of thousands, or another program has the "
            + "database open; nothing was recorded; try again")))
  }

  private func reply(to id: JSON?, _ outcome: Result<JSON, Refusal>) -> [UInt8]? {
    id.map { Reply(id: $0, outcome: outcome).line }
  }

  private func authorize(_ peer: Peer, for method: Method) throws(Refusal) {
    let order = Role.allCases
    guard let has = order.firstIndex(of: peer.role), let needs = order.firstIndex(of: method.role), has >= needs else {
      throw Refusal(
        .denied(role: peer.role.rawValue, needed: method.role.rawValue),
        "cannot call \(method.name) as \(peer.actor.name): it needs the role \(method.role.rawValue)")
    }
  }

  private func result(of read: ReadRequest) throws(Refusal) -> JSON {
    switch read {
    case .cluster(let key, let moment): try registry.cluster(key, moment).json
    case .clusters(let filter, let page): text(try registry.clusters(filter, page)) { $0.json }
    case .history(let key, let page): numbers(try registry.history(key, page)) { $0.json }
    case .diff(let key, let from, let to): try registry.diff(key, from: from, to: to).json
    case .feature(let key): try registry.feature(key).json
    case .features(let filter, let page): text(try registry.features(filter, page)) { $0.json }
    case .provider(let key): try registry.provider(key).json
    case .providers(let filter, let page): text(try registry.providers(filter, page)) { $0.json }
    case .extension(let name): try registry.clientExtension(name).json
    case .extensions(let page): text(try registry.clientExtensions(page)) { $0.json }
    case .change(let seq): try registry.change(seq: seq).json
    case .changes(let filter, let page): numbers(try registry.changes(filter, page)) { $0.json }
    case .report(let seq): try registry.change(seq: seq).report.json
    case .describe:
      RegistryDescription(
        version: fairleadVersion, socket: socketPath, database: registry.databasePath, head: try registry.head(),
        settleSeconds: registry.settleSeconds
      ).json
    case .health: try health()
    case .discover: OpenRPC.document
    }
  }

  private func health() throws(Refusal) -> JSON {
    let pending = try registry.pendingConfirms()
    var builder = ObjectBuilder()
    builder.set("status", "ok")
    builder.set("head", try registry.head())
    builder.set("pendingConfirms", pending.count)
    builder.set("firstDeadline", ifPresent: pending.first?.text)
    return builder.json
  }

  private func text<Item>(_ listing: Listing<Item, String>, _ item: (Item) -> JSON) -> JSON {
    listing.json(item: item) { .string($0) }
  }

  private func numbers<Item>(_ listing: Listing<Item, Int>, _ item: (Item) -> JSON) -> JSON {
    listing.json(item: item) { .integer($0) }
  }
}
