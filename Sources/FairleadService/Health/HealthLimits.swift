// How often the daemon looks at itself, and how long it waits before it calls something a condition.

internal import Dispatch

enum HealthLimits {
  /// Twice a second, so that health tells the truth within one.
  static let lookInterval = DispatchTimeInterval.milliseconds(500)

  /// How long another program may hold the write lock before that is a condition: longer than a shell's transaction, and with a
  /// look each half second still within one.
  static let lockPatience = Duration.milliseconds(400)

  /// How long a commit may wait for the disk: a hundred times what a slow one takes.
  static let commitPatience = Duration.seconds(1)

  /// What it may wait longer for each row: a large apply is written to the disk with its commit, 20 KB for each of its changes, and
  /// a slow disk takes 20 MB a second.
  static let commitPatiencePerRow = Duration.milliseconds(1)

  /// How long the commit stage may work without a row written: several times what the largest apply takes to be planned.
  static let workPatience = Duration.seconds(5)
}
