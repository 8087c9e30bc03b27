// The time of day, for the time that a page says it was made.

internal import FairleadModel
internal import Glibc

extension Timestamp {
  /// The time that a page says it was made: SOURCE_DATE_EPOCH where that is set, so that the same report gives the same
  /// bytes (reproducible-builds.org), and otherwise now.
  static var made: Timestamp {
    guard let text = getenv("SOURCE_DATE_EPOCH"), let seconds = Int(String(cString: text)), seconds >= 0,
      seconds <= Int(Int32.max)
    else { return now }
    return Timestamp(milliseconds: seconds * 1000)
  }

  static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000)
  }
}
