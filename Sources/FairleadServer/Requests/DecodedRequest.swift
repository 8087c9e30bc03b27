// What a line of a connection holds, once it is decoded.

internal import ExactJSON
internal import FairleadModel
internal import FairleadService

/// A request that is decoded and authorized, by where it is done.
///
/// Indirect, since it passes through the state machine and would be 250 bytes: copying them took 4 % of the loop's
/// time for a read of a cluster.
indirect enum DecodedRequest: Sendable {
  /// Refused before it was started; `nil` for a notification, which gets no reply.
  case answered([UInt8]?)
  /// A read that memory answers as a rule, on the event loop.
  case memoryRead(ReadRequest, id: JSON?)
  /// A read of the database: for a worker.
  case read(ReadRequest, id: JSON?)
  /// A plan: for a worker.
  case plan(ChangeRequest, ChangeOptions, id: JSON?)
  case planApply(ApplyRequest, id: JSON?)
  /// A change, for the registry's single writer.
  case write(WriteRequest, id: JSON?)
  case watch(WatchRequest, id: JSON?)

  /// `nil` for a notification, and for what is answered already.
  var id: JSON? {
    switch self {
    case .answered: nil
    case .memoryRead(_, let id), .read(_, let id), .plan(_, _, let id), .planApply(_, let id), .write(_, let id),
      .watch(_, let id):
      id
    }
  }
}

/// What a line holds.
enum DecodedLine: Sendable {
  case single(DecodedRequest)
  /// Never empty.
  case batch([DecodedRequest])
}

/// The result of a read that looks only into memory.
enum MemoryRead: Sendable {
  /// `nil` for a notification.
  case answered([UInt8]?)
  /// The cluster is not loaded yet: a worker reads it from the database.
  case notInMemory
}
