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

  @Test("remedy ends with the hint, which is also a separate member, and decoding separates them again")
  func roundTrip() throws {
    let json = Self.finding.json
    #expect(json["remedy"] == "Reboot it. The command shows what stays.")
    #expect(json["hint"] == "The command shows what stays.")
    #expect(json["brief"] == "One. Two.")
    #expect(try read(json.text) == Self.finding)
  }

  @Test("a finding without short form and hint has no members for them")
  func absent() throws {
    let finding = Finding(
      rule: "X-01", severity: .high, certainty: .will, title: "t", detail: "One.", remedy: "Reboot it.", verify: "v",
      source: "s")
    #expect(finding.json["brief"] == nil && finding.json["hint"] == nil)
    #expect(finding.remedyWithHint == "Reboot it.")
    #expect(try read(finding.json.text) == finding)
  }

  @Test(
    "a record without hint keeps its whole remedy, and a hint that is not the remedy's end is appended to it",
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
