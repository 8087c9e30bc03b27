// The watches of a connection without a hub: which are behind, and up to which change all of them have sent.

import FairleadModel
@testable import FairleadServer
import Testing

@Suite("The watches of a connection")
struct ConnectionWatchesTests {
  /// Watches that have begun after these changes, at a hub that has published changes up to `published`.
  private func watches(after cursors: [Int], published: Int) -> ConnectionWatches {
    var watches = ConnectionWatches()
    watches.begin(cursors.map { watches.open(WatchFilter(), after: $0) })
    watches.follow()
    watches.published(through: published)
    return watches
  }

  @Test("the hub is subscribed to when the first watch begins, and only once")
  func follow() {
    var watches = ConnectionWatches()
    #expect(!watches.mustFollow)
    let watch = watches.open(WatchFilter(), after: 3)
    #expect(!watches.mustFollow)
    #expect(watches.isEmpty)
    watches.begin([watch])
    #expect(watches.mustFollow)
    watches.follow()
    #expect(!watches.mustFollow)
    watches.begin([watches.open(WatchFilter(), after: 3)])
    #expect(!watches.mustFollow)
  }

  @Test("a watch is behind until it has sent the hub's last change")
  func behind() {
    var watches = watches(after: [3, 5], published: 5)
    #expect(watches.firstBehind?.subscription == 1)
    #expect(watches.haveSent(through: 3))
    #expect(!watches.haveSent(through: 4))
    #expect(watches.sent(1, through: 5) == true)
    #expect(watches.firstBehind == nil)
    #expect(watches.haveSent(through: 5))
    watches.published(through: 6)
    #expect(watches.firstBehind?.subscription == 1)
  }

  @Test("a late notice of an older change has no effect")
  func oldReport() {
    var watches = watches(after: [3], published: 5)
    watches.published(through: 4)
    #expect(watches.sent(1, through: 4) == true)
    #expect(watches.firstBehind?.cursor == 4)
  }

  @Test("while one watch reads the log the others continue, and it follows the hub again from the end of the page")
  func history() {
    var watches = watches(after: [1, 4], published: 5)
    #expect(watches.needsHistory(1) == true)
    #expect(watches.firstBehind?.subscription == 2)
    #expect(watches.sent(2, through: 5) == true)
    #expect(watches.firstBehind == nil)
    #expect(!watches.haveSent(through: 5))
    #expect(watches.takeHistory() == nil)
    #expect(watches.historyRead(1, [], through: 3) == true)
    #expect(watches.firstBehind == nil)
    #expect(watches.takeHistory()?.watch.subscription == 1)
    #expect(watches.takeHistory() == nil)
    #expect(watches.firstBehind?.cursor == 3)
  }

  @Test("one watch of a connection reads the log at a time, the one that is furthest behind first")
  func oneHistory() {
    var watches = watches(after: [3, 1, 2], published: 5)
    #expect(watches.firstBehind?.subscription == 2)
    #expect(watches.needsHistory(2) == true)
    #expect(watches.firstBehind?.subscription == 3)
    #expect(watches.needsHistory(3) == false)
    #expect(watches.firstBehind?.subscription == 1)
    #expect(watches.needsHistory(1) == false)
    #expect(watches.firstBehind == nil)
    #expect(watches.historyRead(2, [], through: 4) == true)
    #expect(watches.firstBehind == nil)
    #expect(watches.takeHistory()?.watch.subscription == 2)
    #expect(watches.firstBehind?.subscription == 3)
    #expect(watches.needsHistory(3) == true)
  }

  @Test("opened watches count whether begun or not, and none begins after the end")
  func end() {
    var watches = watches(after: [0, 0], published: 1)
    let late = watches.open(WatchFilter(), after: 0)
    #expect(watches.end() == 3)
    watches.begin([late])
    #expect(watches.isEmpty)
    #expect(watches.firstBehind == nil)
    #expect(watches.historyRead(1, [], through: 1) == true)
    #expect(watches.takeHistory() == nil)
    #expect(watches.haveSent(through: 1))
    #expect(watches.end() == 0)
  }

  @Test("a connection has a limit of watches")
  func room() {
    var watches = ConnectionWatches()
    for _ in 0..<Limits.watchesPerConnection {
      #expect(watches.hasRoom)
      _ = watches.open(WatchFilter(), after: 0)
    }
    #expect(!watches.hasRoom)
  }

  @Test("a change that is published before the hub is subscribed to, or after the end, makes no watch due")
  func strayReports() {
    var watches = ConnectionWatches()
    watches.begin([watches.open(WatchFilter(), after: 0)])
    watches.published(through: 9)
    #expect(watches.firstBehind == nil)
    _ = watches.end()
    watches.published(through: 9)
    #expect(watches.firstBehind == nil)
  }

  @Test("a watch either sends events or reads the log")
  func oneThing() {
    var watches = watches(after: [0], published: 1)
    #expect(watches.historyRead(1, [], through: 1) == false)
    #expect(watches.needsHistory(1) == true)
    #expect(watches.needsHistory(1) == nil)
    #expect(watches.sent(1, through: 1) == false)
    #expect(watches.historyRead(1, [], through: 1) == true)
    #expect(watches.historyRead(1, [], through: 1) == false)
    #expect(watches.sent(1, through: 1) == false)
  }
}
