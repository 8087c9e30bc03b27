// Notices a wall clock that the log cannot follow: one that is behind the log's last change, or shows no time of ours.

internal import FairleadModel
internal import FairleadStore

/// A wall clock that jumped ahead cannot be told from one that was set right, until it comes back: then every change would be
/// before the one before it, and is stamped like that one.
struct ClockWatch: Sendable {
  let clocks: ClockSource
  let health: HealthBoard

  /// Milliseconds by which the clock may be behind the log before that is a condition: more than a correction by NTP, which
  /// steps from an eighth of a second on and otherwise slews.
  static let patience = 2000

  /// Compares the clock with the log's end, and raises or clears what follows from it.
  func look(last: Timestamp?) {
    let wall = clocks.wall
    guard wall.isPlausible else {
      health.clear(.clockBehind)
      return raiseInvalid(wall)
    }
    health.clear(.clockInvalid)
    guard let last, last.milliseconds - wall.milliseconds > Self.patience else { return health.clear(.clockBehind) }
    health.raise(
      .clockBehind,
      "the wall clock shows \(wall.text), and the log ends at \(last.text): the clock was ahead, or is behind now; changes "
        + "are stamped \(last.text) until it has passed that",
      remedy:
        "compare it with a clock that is right, and set it; if it is right now, the order of changes is their seq, and "
        + "their times are wrong from the first one that is ahead")
  }

  /// Refuses a change that could not be stamped.
  func ensureValid() throws(Refusal) {
    let wall = clocks.wall
    guard !wall.isPlausible else { return }
    raiseInvalid(wall)
    throw Refusal(.unavailable, "\(Self.message(wall)); \(Self.remedy)")
  }

  private func raiseInvalid(_ wall: Timestamp) { health.raise(.clockInvalid, Self.message(wall), remedy: Self.remedy) }

  private static func message(_ wall: Timestamp) -> String {
    let place = wall.milliseconds < 0 ? "before 1970" : "past the end of the year 9999"
    return "cannot record changes: the wall clock is \(place), a time that the log cannot hold"
  }

  private static let remedy =
    "set the machine's clock; changes are taken again as soon as it shows a time from 1970 to 9999"
}
