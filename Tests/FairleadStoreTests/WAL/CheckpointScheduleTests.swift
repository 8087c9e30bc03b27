// When a WAL checkpoint is due, and when reads may be waited for.

import Testing

@testable import FairleadStore

@Suite("The schedule of WAL checkpoints")
final class CheckpointScheduleTests {
  private var schedule = CheckpointSchedule(pages: 10, bound: 40)

  private func frames(_ written: Int, checkpointed: Int = 0) -> WALFrames {
    WALFrames(written: written, checkpointed: checkpointed)
  }

  private func isDue(_ frames: WALFrames) -> Bool { schedule.isCheckpointDue(frames) }

  @Test("A checkpoint is due once so many frames wait, and again after as many more where it was not complete")
  func due() {
    #expect(!isDue(frames(9)))
    #expect(isDue(frames(10)))
    schedule.hasRun(frames(10))
    #expect(!isDue(frames(11)))
    #expect(!isDue(frames(19)))
    #expect(isDue(frames(20)))
  }

  @Test("A WAL that was begun anew is counted from its beginning")
  func anew() {
    schedule.hasRun(frames(30, checkpointed: 30))
    #expect(!isDue(frames(3)))
    #expect(isDue(frames(10)))
  }

  @Test("A WAL of which everything is in the database file is due only once it is too long")
  func moved() {
    #expect(!isDue(frames(39, checkpointed: 39)))
    #expect(isDue(frames(40, checkpointed: 40)))
  }

  @Test("Reads are waited for only where the WAL is too long, and after each failure twice as seldom")
  func held() {
    #expect(schedule.waitsForReads(frames(39)) == nil)
    #expect(schedule.waitsForReads(frames(40)) == 100)
    schedule.restartHasFailed(frames(40))
    #expect(schedule.waitsForReads(frames(59)) == nil)
    #expect(schedule.waitsForReads(frames(60)) == 100)
    schedule.restartHasFailed(frames(60))
    #expect(schedule.waitsForReads(frames(99)) == nil)
    #expect(schedule.waitsForReads(frames(100)) == 500)
  }

  @Test("They are waited for longer where the WAL has grown to several times its bound")
  func heldLonger() {
    #expect(schedule.waitsForReads(frames(80)) == 500)
    #expect(schedule.waitsForReads(frames(160)) == 3000)
  }

  @Test("However often that failed, it is tried again after eight times the interval of checkpoints")
  func keepsTrying() {
    for _ in 0..<20 { schedule.restartHasFailed(frames(40)) }
    #expect(schedule.waitsForReads(frames(119)) == nil)
    #expect(schedule.waitsForReads(frames(120)) == 500)
  }

  @Test("A WAL that was begun anew forgets the failures")
  func forgets() {
    schedule.hasRun(frames(40))
    for _ in 0..<8 { schedule.restartHasFailed(frames(40)) }
    #expect(!isDue(frames(1)))
    #expect(schedule.waitsForReads(frames(40)) == 100)
  }
}
