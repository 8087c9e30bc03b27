// `cluster.get`: a cluster as it is now, right after a revision, or at a time.

import ExactJSON
import Testing

@Suite("Getting a cluster")
struct GetTests {
  let fixture: RegistryFixture
  /// The change that took `rg/web` to IPVS, with its second revision.
  let toIPVS: Int

  /// web, a minute apart from 11:06:40: created, IPVS, facts, deleted, created again.
  init() throws {
    fixture = try .ready()
    try fixture.call("cluster.create", "rg/web", #"{"labels":{"life":"first"}}"#)
    fixture.clock.advance(60)
    toIPVS = try fixture.record("cluster.update", "rg/web", #"{"config":{"mode":"IPVS"}}"#)
    fixture.clock.advance(60)
    try fixture.call("cluster.update", "rg/web", #"{"facts":{"nodeCount":3}}"#)
    fixture.clock.advance(60)
    try fixture.call("cluster.delete", "rg/web")
    fixture.clock.advance(60)
    try fixture.call("cluster.create", "rg/web", #"{"labels":{"life":"second"}}"#)
  }

  private func at(_ time: String) throws -> JSON {
    try fixture.call("cluster.get", "rg/web", "{\"at\":\"\(time)\"}")
  }

  @Test("By revision, a cluster is as it was right after that revision, without later facts")
  func byRevision() throws {
    let second = try fixture.call("cluster.get", "rg/web", #"{"revision":2}"#)
    #expect(second.string("config.mode") == "IPVS")
    #expect(second.at("facts")?.text == "{}")
    #expect(second.int("updatedSeq") == toIPVS)
    #expect(try fixture.call("cluster.get", "rg/web", #"{"revision":3}"#).bool("deleted") == true)
    #expect(try fixture.call("cluster.get", "rg/web", #"{"revision":4}"#) == fixture.call("cluster.get", "rg/web"))
  }

  @Test("A revision that does not exist is not found", arguments: [5, Int.max])
  func noRevision(number: Int) throws {
    let error = try fixture.refuse("cluster.get", "rg/web", "{\"revision\":\(number)}")
    #expect(error.kind == "not-found")
    #expect(error.message.contains("revisions 1 to 4"))
    #expect(try fixture.refuse("cluster.get", "rg/api", #"{"revision":1}"#).kind == "not-found")
  }

  @Test("At the time of a change the cluster is as after it, and a millisecond earlier as before it")
  func boundaries() throws {
    #expect(try at("2026-11-18T11:07:39.999Z").int("revision") == 1)
    #expect(try at("2026-11-18T11:07:40.000Z").int("revision") == 2)
    #expect(try at("2026-11-18T11:08:39.999Z").at("facts")?.text == "{}")
    #expect(try at("2026-11-18T11:08:40Z").int("facts.nodeCount") == 3)
  }

  @Test("Of several changes at one time the last one counts")
  func sameTime() throws {
    try fixture.call("cluster.update", "rg/web", #"{"labels":{"life":"third"}}"#)
    #expect(try at("2026-11-18T11:10:40Z").string("labels.life") == "third")
  }

  @Test("Between its delete and its next creation a cluster is shown as deleted")
  func afterDelete() throws {
    #expect(try at("2026-11-18T11:09:40Z").bool("deleted") == true)
    #expect(try at("2026-11-18T11:10:39.999Z").bool("deleted") == true)
    #expect(try at("2026-11-18T11:10:40Z").string("labels.life") == "second")
    #expect(try at("2040-01-01") == fixture.call("cluster.get", "rg/web"))
  }

  @Test("Before its first change a cluster is not found, and the message has the time of that change")
  func beforeFirst() throws {
    let error = try fixture.refuse("cluster.get", "rg/web", #"{"at":"2026-11-18T11:06:39.999Z"}"#)
    #expect(error.kind == "not-found")
    #expect(error.message.contains("its first record is of 2026-11-18T11:06:40.000Z"))
    #expect(try fixture.refuse("cluster.get", "rg/api", #"{"at":"2026-11-18"}"#).kind == "not-found")
  }

  @Test("A time may have an offset, or be a date, which means the start of that day")
  func spellings() throws {
    #expect(try at("2026-11-18T13:07:40+02:00").int("revision") == 2)
    #expect(try at("2026-11-19").int("revision") == 4)
    #expect(try fixture.refuse("cluster.get", "rg/web", #"{"at":"yesterday"}"#).string("data.path") == "at")
  }

  @Test("Revision and time together are refused")
  func both() throws {
    let error = try fixture.refuse("cluster.get", "rg/web", #"{"revision":1,"at":"2026-11-18"}"#)
    #expect(error.kind == "invalid-params")
  }
}
