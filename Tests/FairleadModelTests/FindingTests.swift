// A finding on the wire: its short form and its hint, and records that have neither.

import ExactJSON
import FairleadModel
import Testing

@Suite("A finding on the wire")
struct FindingTests {
  private static let finding = Finding(
    rule: "X-01", severity: .medium, certainty: .will, title: "t", detail: "One. Two. Three.", brief: "One. Two.",
    remedy: "Reboot it.", hint: "The command shows what stays.", verify: "v", source: "s")

  private func read(_ text: String) throws -> Finding {
    try Finding(JSONObjectDecoder(JSON(parsing: text), allowedKeys: nil))
  }

  @Test("remedy ends with the hint, which is a member of its own as well, and reading takes them apart again")
  func roundTrip() throws {
    let json = Self.finding.json
    #expect(json["remedy"] == "Reboot it. The command shows what stays.")
    #expect(json["hint"] == "The command shows what stays.")
    #expect(json["brief"] == "One. Two.")
    #expect(try read(json.text) == Self.finding)
  }

  @Test("without a short form and a hint there are no such members")
  func absent() throws {
    let finding = Finding(
      rule: "X-01", severity: .high, certainty: .will, title: "t", detail: "One.", remedy: "Reboot it.", verify: "v",
      source: "s")
    #expect(finding.json["brief"] == nil && finding.json["hint"] == nil)
    #expect(finding.remedyWithHint == "Reboot it.")
    #expect(try read(finding.json.text) == finding)
  }

  @Test(
    "a record of an earlier version has its remedy whole, and a hint that does not end the remedy follows it",
    arguments: [
      (nil, "Reboot it. The command shows what stays."),
      ("Look at it.", "Reboot it. The command shows what stays. Look at it."),
    ] as [(String?, String)])
  func elsewhere(hint: String?, whole: String) throws {
    let member = hint.map { #","hint":"\#($0)""# } ?? ""
    let finding = try read(
      #"{"rule":"X-01","severity":"high","certainty":"will","title":"t","detail":"d","verify":"v","source":"s","#
        + #""remedy":"Reboot it. The command shows what stays."\#(member)}"#)
    #expect(finding.remedy == "Reboot it. The command shows what stays.")
    #expect(finding.remedyWithHint == whole)
  }
}
