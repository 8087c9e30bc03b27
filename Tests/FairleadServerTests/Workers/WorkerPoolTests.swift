// The lanes of the workers: none waits for what another has in hand.

// Dispatch is not annotated, but its semaphores may be used from any thread.
@preconcurrency import Dispatch
@testable import FairleadServer
@testable import FairleadStore
import Synchronization
import Testing

@Suite("The lanes of the workers", .timeLimit(.minutes(5)))
struct WorkerPoolTests {
  private final class Client: Sendable {}
  private let sizes = WorkerSizes(cores: 2)

  @Test("no lane waits for what the others have in hand", arguments: Work.Lane.allCases)
  func apart(lane free: Work.Lane) throws {
    let gate = DispatchSemaphore(value: 0)
    let pool = try WorkerPool(sizes: sizes) { lane in
      if lane != free { gate.wait() }
    }
    let clients = (0..<8).map { _ in Client() }
    let otherDone = DispatchSemaphore(value: 0)
    let others = Work.Lane.allCases.filter { $0 != free }
    for client in clients {
      for lane in others { pool.run(.once(lane) { otherDone.signal() }, of: ObjectIdentifier(client)) }
    }
    let done = DispatchSemaphore(value: 0)
    for client in clients { pool.run(.once(free) { done.signal() }, of: ObjectIdentifier(client)) }
    for _ in clients { done.wait() }
    for _ in 0..<(others.count * clients.count) { gate.signal() }
    for _ in 0..<(others.count * clients.count) { otherDone.wait() }
    pool.stop()
  }

  @Test("of many clients with pages, few have one that is half done at any time, and all get theirs")
  func halfPages() throws {
    struct Pages {
      var begun = 0
      var mostBegun = 0
    }
    let pool = try WorkerPool(sizes: sizes)
    let pages = Mutex(Pages())
    let isDone = DispatchSemaphore(value: 0)
    @Sendable func page(_ step: Int) -> Work {
      Work(.long, keeps: true) {
        pages.withLock { pages in
          if step == 1 { pages.begun += 1 }
          pages.mostBegun = max(pages.mostBegun, pages.begun)
          if step == 3 { pages.begun -= 1 }
        }
        if step == 3 { isDone.signal() }
        return step == 3 ? nil : page(step + 1)
      }
    }
    let clients = (0..<100).map { _ in Client() }
    for client in clients { pool.run(page(1), of: ObjectIdentifier(client)) }
    for _ in clients { isDone.wait() }
    let most = pages.withLock { $0.mostBegun }
    #expect(most <= sizes.places(of: .long))
    #expect(most > 0)
    pool.stop()
  }

  @Test("no more threads read than the store has connections, with three beside the workers", arguments: [1, 2, 4, 64])
  func readers(cores: Int) {
    let sizes = WorkerSizes(cores: cores)
    let reading = Work.Lane.allCases.filter(\.reads).map(sizes.threads(of:)).reduce(0, +)
    #expect(reading + 3 <= StoreLimits.readers)
    for lane in Work.Lane.allCases {
      #expect((sizes.threads(of: lane)...8).contains(sizes.places(of: lane)))
    }
  }

  @Test("a client with one step is served between the steps of another one's long read")
  func yields() throws {
    // One thread of the bulk lane, so that the order is that of the turns.
    let pool = try WorkerPool(sizes: sizes)
    let (greedy, modest) = (Client(), Client())
    let order = Mutex<[String]>([])
    let (isBegun, mayGoOn, isDone) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    @Sendable func step(_ number: Int) -> Work {
      Work(.bulk) {
        if number == 1 {
          isBegun.signal()
          mayGoOn.wait()
        }
        order.withLock { $0.append("greedy \(number)") }
        if number == 4 { isDone.signal() }
        return number == 4 ? nil : step(number + 1)
      }
    }
    pool.run(step(1), of: ObjectIdentifier(greedy))
    isBegun.wait()
    pool.run(.once(.bulk) { order.withLock { $0.append("modest") } }, of: ObjectIdentifier(modest))
    mayGoOn.signal()
    isDone.wait()
    #expect(order.withLock { $0 } == ["greedy 1", "modest", "greedy 2", "greedy 3", "greedy 4"])
    pool.stop()
  }

  @Test("work may go on in another lane")
  func changesLane() throws {
    let lanes = Mutex<[Work.Lane]>([])
    let isDone = DispatchSemaphore(value: 0)
    let pool = try WorkerPool(sizes: sizes) { lane in lanes.withLock { $0.append(lane) } }
    let client = Client()
    pool.run(Work(.short) { .once(.bulk) { isDone.signal() } }, of: ObjectIdentifier(client))
    isDone.wait()
    #expect(lanes.withLock { $0 } == [.short, .bulk])
    pool.stop()
  }

  @Test("a stop waits for the step that is under way, and drops what is left of it")
  func stop() throws {
    let pool = try WorkerPool(sizes: sizes)
    let client = Client()
    let isBegun = DispatchSemaphore(value: 0)
    let steps = Mutex(0)
    @Sendable func forever() -> Work {
      Work(.long) {
        steps.withLock { $0 += 1 }
        isBegun.signal()
        return forever()
      }
    }
    pool.run(forever(), of: ObjectIdentifier(client))
    isBegun.wait()
    pool.stop()
    let done = steps.withLock { $0 }
    #expect(steps.withLock { $0 } == done)
    pool.run(.once(.short) { Issue.record("a stopped pool works") }, of: ObjectIdentifier(client))
  }
}
