// A page of what memory holds: only what may be on it is encoded.

import FairleadModel
@testable import FairleadService
import Synchronization
import Testing

@Suite("A page of what memory holds")
struct MemoryPageTests {
  /// The page of the numbers 999 to 0, and which of them were encoded for it.
  private func page(_ page: Page<String>) -> (text: String, encoded: [Int]) {
    let encoded = Mutex<[Int]>([])
    let memory = MemoryPage(page) {
      (0..<1000).reversed().map { (cursor: String($0 + 1000), item: $0) }
    } text: { number in
      encoded.withLock { $0.append(number) }
      return Array(String(number).utf8)
    }
    return (String(decoding: memory.step() ?? [], as: UTF8.self), encoded.withLock { $0 })
  }

  @Test("the items are in the order of their keys, and one more than the page takes is encoded")
  func few() {
    let first = page(Page(limit: 2))
    #expect(first.text == #"{"items":[0,1],"after":"1001"}"#)
    #expect(first.encoded == [0, 1, 2])
    let next = page(Page(limit: 2, after: "1001"))
    #expect(next.text == #"{"items":[2,3],"after":"1003"}"#)
    #expect(next.encoded == [2, 3, 4])
  }

  @Test("the last page has no cursor")
  func last() {
    #expect(page(Page(limit: 2, after: "1997")).text == #"{"items":[998,999]}"#)
  }
}
