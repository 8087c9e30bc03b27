// What the threads beside the event loop do for a connection, a step at a time.

internal import FairleadModel
internal import FairleadService

/// A step of work, which returns the work that is left. Between two steps others get their turn.
struct Work: Sendable {
  /// Which threads do it: each lane has its own, so that none ever waits for what another lane has in hand.
  enum Lane: CaseIterable, Sendable {
    /// Done in some milliseconds at most: one record, a few revisions, the plan of one change.
    case short
    /// Much in many such steps: lists, and the log for a watch that is behind.
    case long
    /// The decoding of long lines, which are not to be divided and need nothing but the processor.
    case decoding
    /// The plans of fleets, which are not to be divided.
    case bulk
    /// What has to wait for the writer, and so perhaps for another program or for a disk that is stuck.
    case waiting

    /// Whether its work reads the database.
    var reads: Bool {
      switch self {
      case .short, .long, .bulk, .waiting: true
      case .decoding: false
      }
    }
  }

  let lane: Lane
  /// Whether it keeps something from step to step. Few in a lane may be in the middle of such work at the same time.
  let keeps: Bool
  /// Does a step. `nil` is the end.
  let step: @Sendable () -> Work?

  init(_ lane: Lane, keeps: Bool = false, _ step: @escaping @Sendable () -> Work?) {
    self.lane = lane
    self.keeps = keeps
    self.step = step
  }

  /// Work that is one step.
  static func once(_ lane: Lane, _ body: @escaping @Sendable () -> Void) -> Work {
    Work(lane) {
      body()
      return nil
    }
  }

  /// A page of a list, of which up to `Limits.pageBytes` are kept from step to step; `finish` gets its text.
  static func page(
    _ lane: Lane, _ page: any PageInProgress, finish: @escaping @Sendable (Result<[UInt8], Refusal>) -> Void
  ) -> Work {
    Work(lane, keeps: true) {
      do throws(Refusal) {
        guard let text = try page.step() else { return .page(lane, page, finish: finish) }
        finish(.success(text))
      } catch {
        finish(.failure(error))
      }
      return nil
    }
  }
}
