// Limits of the database connection that no client can run into.

enum StoreLimits {
  /// Seconds that a write waits for another program's transaction, such as an auditor's `BEGIN IMMEDIATE`. After that the
  /// write fails, and the commit queue refuses every change that waits behind it.
  static let writeWaitSeconds = 3

  /// Connections that read at the same time.
  static let readers = 4

  /// WAL pages after which a commit runs a WAL checkpoint: 5 MB. The writer pays for the checkpoint, 4 to 8 ms. With 4,000 pages
  /// that pause was twice as long, and 64 clients got no more changes a second.
  static let walCheckpointPages = 1200
}
