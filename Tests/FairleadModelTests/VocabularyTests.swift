// Times, versions, names and suggestions for misspelt words.

import ExactJSON
import FairleadModel
import Testing

@Suite("Vocabulary")
struct VocabularyTests {
  @Test(
    "a time is encoded in UTC with milliseconds, and decoded again",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (1_795_381_485_123, "2026-11-22T21:04:45.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
    ])
  func timestamps(milliseconds: Int, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).text == text)
    #expect(Timestamp(text)?.milliseconds == milliseconds)
  }

  @Test(
    "other spellings of a time are understood",
    arguments: [
      ("2026-11-22", "2026-11-22T00:00:00.000Z"), ("2026-11-22 21:04:45", "2026-11-22T21:04:45.000Z"),
      ("2026-11-22T21:04Z", "2026-11-22T21:04:00.000Z"),
      ("2026-11-22 21:04:45Z", "2026-11-22T21:04:45.000Z"), ("2026-11-22T21:04:45.1Z", "2026-11-22T21:04:45.100Z"),
      ("2026-11-22T21:04:45.123987Z", "2026-11-22T21:04:45.123Z"),
      ("2026-11-23T02:34:45+05:30", "2026-11-22T21:04:45.000Z"),
      ("2026-11-22T16:04:45-05:00", "2026-11-22T21:04:45.000Z"),
    ])
  func spellings(text: String, utc: String) {
    #expect(Timestamp(text)?.text == utc)
  }

  @Test(
    "malformed times are refused",
    arguments: [
      "", "yesterday", "2026-13-01", "2026-02-29", "2026-11-22T25:00Z", "2026-11-22T21:04:45 UTC",
      "2026-11-22T21:04:45.Z",
      "2026-11-22Z", "26-11-22", "2026-11-22T21:04:45+5", "2026-11-22T21:04:45Z ",
    ])
  func noTimes(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test("a time that cannot be written with four digits of a year is the nearest that can")
  func range() {
    #expect(Timestamp(milliseconds: .max).text == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: .min).text == "0000-01-01T00:00:00.000Z")
    #expect(Timestamp.latest.adding(seconds: 604_800) == .latest)
    #expect(Timestamp(milliseconds: 0).adding(seconds: .max) == .latest)
    #expect(Timestamp(milliseconds: 0).adding(seconds: .min) == .earliest)
    #expect(Timestamp.earliest.adding(milliseconds: .min) == .earliest)
    for time in [Timestamp.earliest, .latest] { #expect(Timestamp(time.text) == time) }
    #expect(Timestamp("9999-12-31T23:59:59-01:00") == nil)
    #expect(Timestamp("0000-01-01T00:00:00+01:00") == nil)
    #expect(Timestamp("10000-01-01T00:00:00.000Z") == nil)
  }

  @Test("a deadline that version 0.1.0 recorded past the year 9999 is read as the latest time, and nothing else is")
  func recorded() {
    #expect(Timestamp(recorded: "10000-01-07T23:59:50.000Z") == .latest)
    #expect(Timestamp(recorded: "2026-11-22T21:04:45.123Z")?.text == "2026-11-22T21:04:45.123Z")
    for text in ["", "10000", "10000-13-07T23:59:50.000Z", "02026-11-22T21:04:45.123Z", "1000x-01-07T23:59:50.000Z"] {
      #expect(Timestamp(recorded: text) == nil)
    }
  }

  @Test("a clock before 1970 or at the end of the year 9999 is not set right")
  func plausible() {
    #expect(!Timestamp(milliseconds: -1).isPlausible)
    #expect(Timestamp(milliseconds: 0).isPlausible)
    #expect(!Timestamp.latest.isPlausible)
  }

  @Test(
    "a text with a control character is refused, with the character and its place",
    arguments: [
      ("a\u{0}b", "character 2 is U+0000"), ("\u{1B}[2J", "character 1 is U+001B"),
      ("Ä\u{7F}", "character 2 is U+007F"),
      ("x\u{9B}31m", "character 2 is U+009B"), ("\u{202E}", "U+202E"), ("\u{2066}", "U+2066"), ("\u{200E}", "U+200E"),
      ("\u{61C}", "U+061C"), ("\u{2028}", "U+2028"), ("a\rb", "U+000D"), ("\u{85}", "U+0085"),
    ])
  func controlCharacters(text: String, named: String) throws {
    for allowed in [ControlCharacters.none, .lineFeedAndTab] {
      let refusal = try #require(throws: Refusal.self) {
        try text.checkControlCharacters(allowed: allowed, at: "message")
      }
      #expect(refusal.message.hasPrefix("cannot take this text for message: its character "))
      #expect(refusal.message.contains(named))
      #expect(refusal.code == .invalidParams)
    }
  }

  @Test("every other text is taken; line feed and tab where they lay a text out")
  func harmless() throws {
    for text in ["", "plain", "Grüße 漢 🚢", "👨\u{200D}👩\u{200D}👧", "e\u{301}", "עברית"] {
      try text.checkControlCharacters(allowed: .none, at: "label")
    }
    try "a\n\tb".checkControlCharacters(allowed: .lineFeedAndTab, at: "message")
    #expect(throws: Refusal.self) { try "a\nb".checkControlCharacters(allowed: .none, at: "label") }
  }

  @Test("an option's value that begins with '-' is joined to the option's long name")
  func dashes() {
    let key = ClusterKey(subscription: "-s t", resourceGroup: "-x", name: "web")
    #expect(key.flags == "--subscription='-s t' --resource-group=-x -n web")
    #expect(ClusterKey(subscription: "default", resourceGroup: "prod", name: "web").flags == "-g prod -n web")
    let feature = FeatureKey(provider: ProviderKey(subscription: "default", namespace: "A.B"), name: "--help")
    #expect(feature.flags == "--namespace A.B --name=--help")
  }

  @Test("every day of four centuries is encoded and decoded to the same value")
  func calendar() {
    let times = (-36_524..<109_573).map { Timestamp(milliseconds: $0 * 86_400_000) }
    let texts = times.map(\.text)
    #expect(texts.map { Timestamp($0) } == times)
    #expect(zip(texts, texts.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("versions compare number by number, and missing numbers are 0")
  func versions() throws {
    let old = try #require(DottedVersion("1.9"))
    let new = try #require(DottedVersion("1.33.2"))
    #expect(old < new)
    #expect(DottedVersion("1.33") == DottedVersion("1.33.0"))
    #expect(DottedVersion("5.15.0.1064").map { $0 > DottedVersion(5, 13) } == true)
  }

  @Test(
    "malformed versions are refused", arguments: ["", "v1.33", "1.", ".1", "1.33-beta", "1.2.3.4.5", "banana"])
  func noVersions(text: String) {
    #expect(DottedVersion(text) == nil)
  }

  @Test(
    "names that Azure would refuse are refused",
    arguments: [
      (.cluster, ""), (.cluster, "-web"), (.cluster, "web-"), (.cluster, "web.1"), (.cluster, "wéb"),
      (.resourceGroup, "é."), (.resourceGroup, "\u{301}e"), (.resourceGroup, "a\u{2028}"),
      (.resourceGroup, "🚢"), (.resourceGroup, "a\u{3164}"), (.resourceGroup, "a\u{FE0F}"), (.resourceGroup, "a\u{A0}b"),
      (.resourceGroup, "a%b"), (.resourceGroup, String(repeating: "é", count: 91)), (.subscription, "é"),
      (.cluster, String(repeating: "a", count: 64)), (.resourceGroup, "rg."), (.resourceGroup, "r g"),
      (.resourceGroup, String(repeating: "a", count: 91)), (.namespace, "9.x"), (.feature, "a b"), (.extension, "-x"),
      (.subscription, " a"), (.subscription, "a/b"), (.version, "1;rm"),
    ] as [(NameRule, String)])
  func badNames(rule: NameRule, name: String) {
    #expect(throws: Refusal.self) { try rule.check(name, at: "name") }
  }

  @Test(
    "names that Azure accepts are accepted",
    arguments: [
      (.cluster, "w"), (.cluster, "web_1-A"), (.resourceGroup, "rg-(1)._x"), (.resourceGroup, "Ünïts_生产-٣"),
      (.resourceGroup, String(repeating: "é", count: 90)), (.resourceGroup, "cafe\u{301}"),
      (.namespace, "Microsoft.ContainerService"),
      (.feature, "KubeProxyConfigurationPreview"), (.extension, "aks-preview"),
      (.subscription, "00000000-0000-0000-0000-000000000000"), (.version, "9.0.0b1"),
    ] as [(NameRule, String)])
  func goodNames(rule: NameRule, name: String) throws {
    try rule.check(name, at: "name")
  }

  @Test("clusters are compared without regard to case, and keep their spelling")
  func folding() {
    let one = ClusterKey(resourceGroup: "Prod-RG", name: "Web")
    let other = ClusterKey(subscription: "DEFAULT", resourceGroup: "prod-rg", name: "WEB")
    #expect(one.folded == other.folded)
    #expect(one.display == "Prod-RG/Web")
  }

  @Test(
    "a key has A to Z in lower case and the bytes of every other letter, so that it is ASCII",
    arguments: [
      ("Prod-RG", "prod-rg"), ("caf\u{E9}", "caf%c3%a9"), ("CAFE\u{301}", "cafe%cc%81"), ("\u{212A}", "%e2%84%aa"),
      ("\u{C9}", "%c3%89"), ("caf%c3%a9", "caf%c3%a9"), ("", ""),
    ])
  func keys(text: String, key: String) {
    #expect(text.folded == key)
    #expect(key.folded == key)
  }

  @Test("letters of other scripts have no case")
  func asciiCase() {
    #expect("\u{212A}\u{130}AZ".asciiLowercased.hasSameBytes(as: "\u{212A}\u{130}az"))
    #expect("\u{131}\u{DF}\u{17F}az".asciiUppercased.hasSameBytes(as: "\u{131}\u{DF}\u{17F}AZ"))
    #expect(ResourceKind(bytesOf: "cluster") == .cluster)
  }

  @Test("labels are equal in their bytes")
  func labelEquality() {
    #expect(Labels(["unit": "\u{212B}"]) != Labels(["unit": "A\u{30A}"]))
    #expect(Labels(["unit": "\u{212B}"]) == Labels(["unit": "\u{212B}"]))
    #expect(LabelsPatch(["unit": "\u{E9}"]) != LabelsPatch(["unit": "e\u{301}"]))
    #expect(LabelsPatch(["unit": nil, "a": "1"]) == LabelsPatch(["a": "1", "unit": nil]))
    #expect(LabelsPatch(["unit": nil]) != LabelsPatch(["unit": "1"]))
    #expect(LabelsPatch(["unit": nil]) != LabelsPatch(["other": nil]))
  }

  @Test(
    "a text has something to see unless all of it is space, or nothing that a font shows",
    arguments: [
      ("a", true), (" .", true), ("é", true), ("🚢", true), ("漢", true), ("e\u{301}", true), ("", false),
      (" \n\t", false),
      ("\u{A0}\u{3000}", false), ("\u{200B}", false), ("\u{FEFF}", false), ("\u{AD}", false), ("\u{3164}", false),
      ("\u{2800}", false), ("\u{E0041}", false), ("\u{301}", false), ("\u{0}", false),
    ])
  func visible(text: String, isVisible: Bool) { #expect(text.hasVisibleCharacter == isVisible) }

  @Test(
    "a word is misspelt with one or two letters wrong, and is another word with more",
    arguments: [
      ("aks-previw", true), ("aks-perview", true), ("AKS-Previe", true), ("aks-preview", false), ("AKS-PREVIEW", false),
      ("aks-prev", false), ("k8s-extension", false), (String(repeating: "a", count: 100_000), false),
    ])
  func misspelt(word: String, isMisspelt: Bool) {
    #expect(FairleadModel.isMisspelt(word, of: "aks-preview") == isMisspelt)
  }

  @Test(
    "the nearest known word is suggested if one is near enough",
    arguments: [
      ("IPV", "IPVS"), ("nftable", "NFTABLES"), ("IPTABELS", "IPTABLES"), ("ipvs", "IPVS"), ("banana", nil),
    ])
  func nearestWord(word: String, guess: String?) {
    #expect(nearest(to: word, in: ["IPTABLES", "IPVS", "NFTABLES"]) == guess)
  }

  @Test(
    "up to a third of a word may be wrong, or it is the beginning of a longer one",
    arguments: [
      ("kubernetesVersoin", "kubernetesVersion"), ("kubernetsVersion", "kubernetesVersion"),
      ("kubrntesVrsn", "kubernetesVersion"), ("kubrntsVr", nil), ("kube", "kubernetesVersion"),
      ("nodecuont", "nodeCount"), ("uses", "usesNodePorts"), ("us", nil), ("", nil),
      (String(repeating: "k", count: 65), nil),
      ("kubernetesVersion" + String(repeating: "n", count: 5), "kubernetesVersion"),
      ("kubernetesVersion" + String(repeating: "n", count: 6), nil), ("ÜsesNodePorts", "usesNodePorts"),
    ])
  func nearestFact(word: String, guess: String?) {
    #expect(nearest(to: word, in: FactKey.allCases.map(\.rawValue)) == guess)
  }

  @Test("a word is quoted for the shell only where it must be")
  func quoting() {
    #expect(shellQuoted("rg-1") == "rg-1")
    #expect(shellQuoted("rg (1)") == "'rg (1)'")
    #expect(shellQuoted("it's") == "'it'\\''s'")
    #expect(shellQuoted("") == "''")
  }

  @Test("every fact has az's kebab-case flag")
  func factFlags() {
    #expect(FactKey.kubernetesVersion.flag == "--kubernetes-version")
    #expect(FactKey.usesLocalhostNodePorts.flag == "--uses-localhost-node-ports")
    #expect(Set(FactKey.allCases.map(\.flag)).count == FactKey.allCases.count)
  }

  @Test("API versions are dates, and each mode has a first version")
  func apiVersions() {
    #expect(APIVersion("2022-08-02-preview")?.carries(.ipvs) == true)
    #expect(APIVersion("2022-08-01-preview")?.carries(.ipvs) == false)
    #expect(APIVersion("2025-08-02-preview")?.carries(.nftables) == false)
    #expect(APIVersion("2025-09-02-preview")?.carries(.nftables) == true)
    #expect(APIVersion("2026-05-01")?.carries(.ipvs) == false)
    #expect(APIVersion("latest") == nil)
    #expect(APIVersion("2026-13-01-preview") == nil)
  }
}
