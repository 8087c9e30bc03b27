// The time of day, for the time that a page says it was made.

internal import FairleadModel
internal import Glibc
internal import LinuxSupport

extension Timestamp {
  /// The time that a page says it was made: SOURCE_DATE_EPOCH where that is set, so that the same report gives the same
  /// bytes (reproducible-builds.org), and otherwise now.
  static var made: Timestamp {
    guard let text = getenv("SOURCE_DATE_EPOCH"), let seconds = Int(String(cString: text)), seconds >= 0,
      seconds <= Int(Int32.max)
    else { return now }
    return Timestamp(milliseconds: seconds * 1000)
  }

  static var now: Timestamp { Timestamp(milliseconds: wallMilliseconds()) }
}
