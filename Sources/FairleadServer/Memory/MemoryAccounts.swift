// What each connection has the daemon keep, as a value, and whom to put off where that is too much for all together.

/// Holders with their bytes. Those who keep nothing to speak of have no account.
struct MemoryAccounts<Holder: Hashable> {
  /// Bytes that all may hold together.
  let limit: Int
  private var bytes: [Holder: Int] = [:]
  /// Put off already: what they hold is on its way out, and nobody else is put off for it.
  private var leaving: Set<Holder> = []
  /// Bytes of those who are not leaving.
  private(set) var total = 0

  init(limit: Int) { self.limit = limit }

  /// A holder keeps so many bytes now. Returns the greediest of all where that is too much; it is counted no more, and is to be
  /// put off.
  mutating func set(_ newBytes: Int, of holder: Holder) -> (holder: Holder, bytes: Int)? {
    guard !leaving.contains(holder) else { return nil }
    total += newBytes - (bytes[holder] ?? 0)
    bytes[holder] = newBytes == 0 ? nil : newBytes
    guard total > limit, let greediest = bytes.max(by: { $0.value < $1.value }) else { return nil }
    bytes[greediest.key] = nil
    total -= greediest.value
    leaving.insert(greediest.key)
    return (greediest.key, greediest.value)
  }

  /// A holder is gone, with all that it held.
  mutating func remove(_ holder: Holder) {
    leaving.remove(holder)
    total -= bytes.removeValue(forKey: holder) ?? 0
  }
}
