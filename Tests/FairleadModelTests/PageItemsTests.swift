// A page of a list: it is full by number or by bytes, and says whether another one follows.

import ExactJSON
import FairleadModel
import Testing

@Suite("A page of a list")
struct PageItemsTests {
  private func text(_ items: [String], limit: Int, bytes: Int) -> String {
    var page = PageItems<Int>(limit: limit, bytes: bytes)
    for (number, item) in items.enumerated() where page.wanted > 0 { page.add(Array(item.utf8), cursor: number + 1) }
    return String(decoding: page.text(cursor: JSON.integer), as: UTF8.self)
  }

  @Test("with all its items it has no cursor")
  func whole() {
    #expect(text([], limit: 2, bytes: 100) == #"{"items":[]}"#)
    #expect(text(["{}", "[1]"], limit: 2, bytes: 100) == #"{"items":[{},[1]]}"#)
  }

  @Test("it ends at its limit of items, where another one comes")
  func number() {
    #expect(text(["1", "2", "3"], limit: 2, bytes: 100) == #"{"items":[1,2],"after":2}"#)
  }

  @Test("it ends before the item that would make it too long in bytes")
  func bytes() {
    #expect(text(["11", "22", "33"], limit: 9, bytes: 4) == #"{"items":[11,22],"after":2}"#)
    #expect(text(["11", "22", "33"], limit: 9, bytes: 5) == #"{"items":[11,22],"after":2}"#)
    #expect(text(["11", "22", "33"], limit: 9, bytes: 6) == #"{"items":[11,22,33]}"#)
  }

  @Test("it has one item, however long that is")
  func long() {
    #expect(text(["123456", "7"], limit: 9, bytes: 4) == #"{"items":[123456],"after":1}"#)
    #expect(text(["123456"], limit: 9, bytes: 4) == #"{"items":[123456]}"#)
  }

  @Test("nothing is added once it is cut")
  func cut() {
    var page = PageItems<Int>(limit: 2, bytes: 4)
    page.add(Array("123".utf8), cursor: 1)
    page.add(Array("456".utf8), cursor: 2)
    page.add(Array("7".utf8), cursor: 3)
    #expect(page.isCut)
    #expect(page.wanted == 0)
    #expect(page.text(cursor: JSON.integer) == Array(#"{"items":[123],"after":1}"#.utf8))
  }
}
