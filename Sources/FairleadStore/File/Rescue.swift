// How far it has come to save what the write-ahead log of a lost file holds.

/// What became of the write-ahead log's content after the files were found changed.
enum Rescue: Hashable {
  case due
  case failed(String)
  /// The database has all of it.
  case saved
  /// The same, and the write-ahead log is empty.
  case emptied
}
