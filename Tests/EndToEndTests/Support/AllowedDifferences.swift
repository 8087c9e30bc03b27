// What today's daemon may answer differently from the one that recorded a fixture.

import ExactJSON

/// Everything that is not listed here has to be the same. A comment beside each entry names the reason for it.
enum AllowedDifferences {
  /// Members that new reports have and recorded ones do not, each with the member that holds it. They are not allowed in the
  /// reports of a recorded ledger, which are shown as they were written.
  static let newMembers = [
    // A finding's short forms are fields that the rule's author writes; renderers used to cut them out of the text. The
    // schema in the service description has them too.
    "findings.brief", "findings.hint", "properties.brief", "properties.hint",
    // Bounds that a request is held to before anything of it is built.
    "limits.overrides", "limits.selectorBytes", "limits.jsonMembers", "limits.jsonTextBytes",
    // Pages are bounded in bytes, and the memory of all connections together is.
    "limits.pageBytes", "limits.memoryBytes",
  ]

  /// Whether a result describes the daemon itself: its health, its limits, its methods. Those grow with it, so members, words
  /// and methods may be added; what was recorded stays.
  static func mayGrow(_ result: JSON) -> Bool {
    ["pendingConfirms", "limits", "openrpc"].contains { result[$0] != nil }
  }

  /// Parts of recorded lines as regular expressions, and the template of what today's daemon says in their place; applied in
  /// this order. Of a recorded ledger's replies only refusals may differ so.
  static let rewritten: [(recorded: String, today: String)] = [
    // Health has had reasons since, and more words than two.
    (
      "whether the daemon can read and write its database, and how many changes wait to be confirmed",
      "whether changes are taken and a person is needed, why, and how many changes wait to be confirmed"
    ),
    // A refusal used to name command lines. Now it names methods and parameters, and the command adds
    // the command lines.
    ("'fairlead list' shows those that there are", "cluster.list shows those that exist"),
    ("'fairlead rollback [^']*' brings it back", "cluster.rollback brings it back"),
    ("'fairlead extension add --name [^']*' adds it", "extension.set records it"),
    (
      "to take it on all the same: --override (\\S+) --override (\\S+) -m WHY",
      "to record it anyway, name $1, $2 in override and say why in message"
    ),
    (
      "to take it on all the same: --override (\\S+) -m WHY",
      "to record it anyway, name $1 in override and say why in message"
    ),
    ("\\. Next: [^\"]*\"", ".\""),
    (
      "keep it with 'fairlead confirm [^']*', or go back with 'fairlead rollback [^']* --to-revision (\\d+)'",
      "keep it with cluster.confirm, or go back with cluster.rollback to revision $1"
    ),
    ("name it with --to-revision", "name it in toRevision"),
    // Labels are counted before the request is planned, so those of the cluster do not count yet.
    (
      "cannot keep 67 labels on rg/facts: 64 is the limit; remove some",
      "cannot take 65 labels: 64 is the limit; leave some out"
    ),
    // A page is bounded in bytes, and the service description says so.
    (
      "items of the page, 100 by default\"",
      "items of the page, 100 by default; fewer, with a cursor, where they would be longer than 4 MiB\""
    ),
    // Whole reports are for so many changes of an apply at most.
    (
      "how much is answered of each change; full by default\"",
      "how much is answered of each change; full by default, for at most 1000 of them\""
    ),
    // A selection has one name in all methods, and the older one beside it.
    (
      "the log in order, optionally of one kind or one cluster",
      "the log in order, optionally of some kinds or one cluster"
    ),
    ("only changes of this noun", "an older form of kinds, with one word"),
    (
      "\"label\",\"description\":\"only changes of clusters that carry",
      "\"labels\",\"description\":\"only changes of clusters that carry"
    ),
    // A refusal of a control character says which and where.
    (
      "(\"id\":113,.*\"message\":\")cannot take this value for labels.a: it is at most 256 bytes of printable text",
      "$1cannot take this text for labels.a: its character 6 is U+0007, a control character; it is printable text"
    ),
    // A number that is refused for its fraction or its exponent is refused with that.
    (
      "cannot take (1\\.5|1e2) for id: it is a string or a whole number",
      "cannot take $1 for id: it is a string or a whole number, written without fraction and exponent"
    ),
    (
      "cannot take 1.5 for facts.nodeCount: it is a whole number from 0 to 2147483647",
      "cannot take 1.5 for facts.nodeCount: it is a whole number from 0 to 2147483647, written without fraction and exponent"
    ),
    (
      "cannot take 1.5 for config.ipvsConfig.tcpTimeoutSeconds: it is a positive whole number of seconds",
      "cannot take 1.5 for config.ipvsConfig.tcpTimeoutSeconds: it is a positive whole number of seconds, written without "
        + "fraction and exponent"
    ),
    (
      "cannot take a number for confirmWithinSeconds: it is an integer",
      "cannot take 1.5 for confirmWithinSeconds: it is an integer, written without fraction and exponent"
    ),
    (
      "(\"id\":262,.*\"message\":\")cannot take this requestId: it is 1 to 128 bytes of printable text",
      "$1cannot take this text for requestId: its character 2 is U+0000, a control character; it is printable text"
    ),
  ]

  /// Parts of recorded lines that today's daemon would refuse, and what is sent in their place where the recorded requests are
  /// played on an empty ledger; the recorded replies are changed alike.
  static let sentInstead: [(recorded: String, today: String)] = [
    // A message may hold no control character but line feed and tab.
    ("zweite Zeile \\u0001", "zweite Zeile ."),
    // A label and a message may hold no line separator.
    ("\u{2028}", "."),
  ]
}
