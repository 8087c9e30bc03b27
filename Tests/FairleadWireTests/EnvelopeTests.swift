// JSON-RPC's envelope: which lines are requests, and the errors for others.

import ExactJSON
import FairleadModel
import FairleadWire
import Testing

@Suite("The envelope")
struct EnvelopeTests {
  private func one(_ line: String) throws(Request.Malformed) -> Request {
    guard case .one(let item) = Message(line: Array(line.utf8)) else {
      Issue.record("a batch: \(line)")
      return Request(id: nil, method: "", params: [:])
    }
    return try item.get()
  }

  private func answer(_ line: String) -> String? {
    do throws(Request.Malformed) {
      _ = try one(line)
      return nil
    } catch {
      return Reply(id: error.id, outcome: .failure(error.refusal)).json
    }
  }

  @Test("a request is decoded, and encoded again as one line")
  func request() throws {
    let line = #"{"jsonrpc":"2.0","id":7,"method":"cluster.get","params":{"resourceGroup":"rg","name":"web"}}"#
    let request = try one(line)
    #expect(request == Request(id: 7, method: "cluster.get", params: ["resourceGroup": "rg", "name": "web"]))
    #expect(String(decoding: request.line, as: UTF8.self) == line + "\n")
  }

  @Test("ids are strings, whole numbers or null, and a request without one is a notification")
  func ids() throws {
    for (text, id) in [("\"a\"", JSON.string("a")), ("-3", .integer(-3)), ("null", .null)] {
      let line = #"{"jsonrpc":"2.0","id":\#(text),"method":"m"}"#
      #expect(try one(line).id == id)
    }
    #expect(try one(#"{"jsonrpc":"2.0","method":"m"}"#).id == nil)
  }

  @Test(
    "a malformed request gets an error that says what is wrong, with its id if it has one",
    arguments: [
      (
        "",
        #"null,"error":{"code":-32700,"message":"cannot read this line as JSON: there is nothing in it","data":{"kind":"parse-error"}}"#
      ),
      (
        "{",
        #"null,"error":{"code":-32700,"message":"cannot read this line as JSON: it ends too early, at byte 1","data":{"kind":"parse-error"}}"#
      ),
      (
        "7",
        #"null,"error":{"code":-32600,"message":"cannot take an integer: a request is an object","data":{"kind":"invalid-request"}}"#
      ),
      (
        "[]",
        #"null,"error":{"code":-32600,"message":"cannot take an empty batch: it holds at least one request","data":{"kind":"invalid-request"}}"#
      ),
      (
        #"{"id":1,"method":"m"}"#,
        #"1,"error":{"code":-32600,"message":"cannot take a request without \"jsonrpc\":\"2.0\"","data":{"kind":"invalid-request"}}"#
      ),
      (
        #"{"jsonrpc":"2.0","id":1}"#,
        #"1,"error":{"code":-32600,"message":"cannot take a request whose method is not a string","data":{"kind":"invalid-request"}}"#
      ),
      (
        #"{"jsonrpc":"2.0","id":"x","method":"m","params":[1]}"#,
        #""x","error":{"code":-32600,"message":"cannot take these params: they are an object of named parameters","data":{"kind":"invalid-request"}}"#
      ),
      (
        #"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#,
        #"null,"error":{"code":-32600,"message":"cannot take 1.5 for id: it is a string or a whole number, written without fraction and exponent","data":{"kind":"invalid-request"}}"#
      ),
      (
        #"{"jsonrpc":"2.0","id":18446744073709551616,"method":"registry.health"}"#,
        #"null,"error":{"code":-32600,"message":"cannot take 18446744073709551616 for id: it is a string or an integer, of at most 64 bits; send it as a string","data":{"kind":"invalid-request"}}"#
      ),
      (
        "\u{0}{\u{0}}",
        #"null,"error":{"code":-32700,"message":"cannot read this line as JSON: it is UTF-16, and JSON is UTF-8","data":{"kind":"parse-error"}}"#
      ),
      (
        #"{"jsonrpc":"2.0","id":1,"method":"m","parms":{}}"#,
        #"1,"error":{"code":-32600,"message":"cannot take 'parms' in a request: there is no such member; did you mean 'params'?","data":{"kind":"invalid-request"}}"#
      ),
      (
        #"{"jsonrpc":"2.0","id":1,"id":2,"method":"m"}"#,
        #"null,"error":{"code":-32600,"message":"cannot take this line: the key 'id' stands twice, the second time at byte 24","data":{"kind":"invalid-request"}}"#
      ),
    ])
  func malformed(line: String, reply: String) {
    #expect(answer(line) == #"{"jsonrpc":"2.0","id":"# + reply + "}")
  }

  @Test("an array is a batch, whose items are each a request or an error")
  func batch() throws {
    let line = #"[{"jsonrpc":"2.0","id":1,"method":"a"},7,{"jsonrpc":"2.0","method":"b"}]"#
    guard case .batch(let items) = Message(line: Array(line.utf8)) else {
      Issue.record("no batch")
      return
    }
    #expect(items.count == 3)
    #expect(try items[0].get() == Request(id: 1, method: "a", params: [:]))
    #expect(throws: Request.Malformed.self) { try items[1].get() }
    #expect(try items[2].get().id == nil)
  }

  @Test("a batch of more requests than the limit is refused as a whole")
  func longBatch() {
    let item = #"{"jsonrpc":"2.0","id":1,"method":"a"}"#
    func line(_ count: Int) -> String { "[" + Array(repeating: item, count: count).joined(separator: ",") + "]" }
    #expect(answer(line(Limits.batchRequests + 1))?.contains(#""kind":"too-large","limit":100"#) == true)
    guard case .batch(let items) = Message(line: Array(line(Limits.batchRequests).utf8)) else {
      Issue.record("no batch")
      return
    }
    #expect(items.count == Limits.batchRequests)
  }

  @Test("a line with a larger object or text than any request has is refused, and nothing of it is built")
  func largeParts() {
    let head = #"{"jsonrpc":"2.0","id":1,"method":"cluster.create","params":"#
    let members = (0...Limits.jsonMembers).map { "\"k\($0)\":1" }.joined(separator: ",")
    #expect(answer(head + "{\(members)}}")?.contains(#""kind":"too-large","limit":128"#) == true)
    let text = String(repeating: "x", count: Limits.jsonTextBytes + 1)
    for part in ["{\"message\":\"\(text)\"}", "{\"\(text)\":1}", "{\"ifSeq\":1\(text.replacing("x", with: "0"))}"] {
      #expect(answer(head + part + "}")?.contains(#""kind":"too-large","limit":16384"#) == true)
    }
    #expect(answer(head + "{\"message\":\"\(text.dropLast())\"}}") == nil)
  }

  @Test("an encoded result gives the same line as its value")
  func encoded() {
    let result: JSON = ["name": "c\"0", "items": [1, 2]]
    #expect(
      Reply.line(id: "x", result: result.bytes) == Reply(id: "x", outcome: .success(result)).line)
  }

  @Test("a result is one line, with its members in the order of the JSON-RPC specification")
  func result() {
    #expect(Reply(id: 1, outcome: .success(["ok": true])).json == #"{"jsonrpc":"2.0","id":1,"result":{"ok":true}}"#)
  }
}

extension Reply {
  /// The line without its line feed.
  var json: String { String(decoding: line.dropLast(), as: UTF8.self) }
}
