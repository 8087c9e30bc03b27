// Limits of the database connection that no client can run into.

enum StoreLimits {
  /// Seconds that a write waits for another program's transaction, such as an auditor's `BEGIN IMMEDIATE`. After that the
  /// write fails, and the commit queue refuses every change that waits behind it.
  static let writeWaitSeconds = 3

  /// Connections that read at the same time: as many as threads may read, so that a short read waits for no long one's. The
  /// server has nine workers at most, and there are the warm-up and the timer of the deadlines.
  static let readers = 12

  /// WAL pages after which a WAL checkpoint runs: 5 MB. The writer pays for the checkpoint, 4 to 8 ms, once the batch is
  /// answered. With 4,000 pages that pause was twice as long, and 64 clients got no more changes a second.
  static let walCheckpointPages = 1200

  /// Milliseconds that the WAL checkpoint of the end waits for other programs, as part of a stop that is over in seconds.
  static let closeWaitMilliseconds: CInt = 1000

  /// WAL pages from which on the WAL is begun anew, for which the writer waits for the daemon's own reads: 20 MB. Readers that
  /// overlap never leave SQLite a moment at which it could do so itself.
  static let walPages = 4 * walCheckpointPages

  /// Bytes to which SQLite truncates a longer WAL once it is begun anew. A frame is a page and 24 bytes.
  static let walBytes = walPages * (4096 + 24)
  /// Bytes that a disk which was full must have free before it counts as having room: a few commits.
  static let room = 1 << 20
}
