// Submits several writes at once, and holds the commit stage up until all of them are in the queue.

import ExactJSON
import FairleadModel
import FairleadService
import FairleadWire
import Foundation
import Synchronization

/// Holds the commit stage up in the completion of a write, so that what is submitted meanwhile is in the queue together.
final class HeldCommitStage: Sendable {
  private let isReleased = DispatchSemaphore(value: 0)

  init(_ registry: Registry) {
    let isHeld = DispatchSemaphore(value: 0)
    let hold = PendingWrite.Operation.settle { [isReleased] _ in
      {
        isHeld.signal()
        isReleased.wait()
      }
    }
    registry.submit(PendingWrite(hold, by: .system, arrival: registry.clocks))
    isHeld.wait()
  }

  func release() { isReleased.signal() }
}

/// A request that is submitted without waiting for its result.
enum Submission: Sendable {
  case change(ChangeRequest, ChangeOptions)
  case apply(ApplyRequest)

  /// A request as on the wire.
  init(_ method: String, _ params: String) throws {
    switch try Method.named(method).call(JSON(parsing: params).objectValue ?? [:]) {
    case .change(let request, let options): self = .change(request, options)
    case .apply(let request): self = .apply(request)
    case .read, .watch: throw Refusal(.invalidRequest, "cannot submit \(method)")
    }
  }

  static func create(_ name: String, _ more: String = "") throws -> Submission {
    try Submission("cluster.create", #"{"resourceGroup":"rg","name":"\#(name)"\#(more)}"#)
  }

  static func update(_ name: String, _ more: String) throws -> Submission {
    try Submission("cluster.update", #"{"resourceGroup":"rg","name":"\#(name)",\#(more)}"#)
  }
}

/// The results of several requests, in the order in which they were submitted.
final class Results: Sendable {
  enum Result: Equatable {
    case recorded(Int)
    case unrecorded
    /// The kind of the error.
    case refused(String)
  }

  private let results = Mutex<[Int: Result]>([:])
  private let group = DispatchGroup()

  /// `arrival` is now, unless it is given.
  func submit(
    _ requests: [Submission], to registry: Registry, arrival: Clocks? = nil, bytes: Int = 0,
    from sender: AnyObject? = nil
  ) {
    let first = results.withLock { results in
      let first = results.count
      for number in requests.indices { results[first + number] = .unrecorded }
      return first
    }
    for (number, request) in requests.enumerated() {
      group.enter()
      let operation: PendingWrite.Operation =
        switch request {
        case .change(let change, let options):
          .change(change, options) { result in { self.set(result.map(\.seq), of: first + number) } }
        case .apply(let apply):
          .apply(apply, encode: { _ in .null }) { result in { self.set(result.map(\.seq), of: first + number) } }
        }
      registry.submit(
        PendingWrite(
          operation, by: .alice, arrival: arrival ?? registry.clocks, bytes: bytes,
          from: sender.map(ObjectIdentifier.init)))
    }
  }

  private func set(_ outcome: Swift.Result<Int?, Refusal>, of number: Int) {
    let result: Result =
      switch outcome {
      case .success(let seq?): .recorded(seq)
      case .success(nil): .unrecorded
      case .failure(let refusal): .refused(refusal.wireJSON.kind ?? "")
      }
    results.withLock { $0[number] = result }
    group.leave()
  }

  /// Waits for all of them.
  func all() -> [Result] {
    group.wait()
    return results.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
  }
}

extension PendingWrite.AppliedOutcome {
  /// The last change that was recorded for it.
  fileprivate var seq: Int? {
    switch self {
    case .new(let outcome): outcome.seq
    case .repeated(let earlier): earlier.seq
    }
  }
}
