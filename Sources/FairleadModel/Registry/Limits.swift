// The daemon's limits, each with its reason; `registry.describe` reports those that a client can run into.

package import ExactJSON

package enum Limits {
  /// Bytes of one request line without its line feed. The largest honest request is an apply of `applyChanges` changes,
  /// each with a full configuration, names of usual length and a plan digest: some 400 bytes each, 4 MB. The rest is
  /// room. A single change, with every fact and 64 labels, is under 64 KiB.
  package static let lineBytes = 8 << 20

  /// Changes of one apply. Ten thousand clusters is the largest fleet that Fairlead is measured with. They fit one line, and are
  /// committed in one transaction, which blocks all other changes for seconds.
  package static let applyChanges = 10_000

  /// Changes of one apply that may be answered with their whole reports, of some 20 KB each: what is answered in a fraction of a
  /// second, and fits into `batchReplyBytes`. With ten thousand, the reply had 180 MB and the daemon used a gigabyte for it.
  package static let applyReports = 1000

  /// Refused changes that the error of an apply lists; its message has their number.
  package static let applyRefusals = 100

  /// Connections at once. Each costs a file descriptor and a few KiB; scripts open one each.
  package static let connections = 4096

  /// Complete request lines of one connection that wait for their turn before the daemon stops reading from it.
  package static let queuedLines = 128

  /// Changes of one connection that are in the commit queue at once. A client that sends many without waiting gets them into
  /// batches of this size, and another client's single change waits for at most two such batches; with
  /// batches of twice the size it waited twice as long.
  package static let changesInFlight = 8

  /// Changes in the commit queue, and the bytes of their lines; more are refused as busy. A thousand changes are a tenth of a
  /// second's work; the bytes are room for some applies of the largest size, which take ten times their line in memory.
  package static let queuedChanges = 1024
  package static let queuedBytes = 32 << 20

  /// Milliseconds after which a client that was refused as busy may try again: the writer has a tenth of its queue done.
  package static let busyRetryMs = 20

  /// Requests of one line that is a batch: a screenful of reads, not a fleet, for which there is `cluster.apply`.
  package static let batchRequests = 100

  /// Bytes of the replies to one batch: they are held until all are there. Requests past it are refused.
  package static let batchReplyBytes = 32 << 20

  /// Bytes of one connection's lines that wait, beyond the line that is coming in: past it the daemon stops reading from it.
  package static let queuedLineBytes = 1 << 20

  /// Watches of one connection, and of all. A watch costs some hundred bytes while nothing happens, and a line for each
  /// change that it is about.
  package static let watchesPerConnection = 64
  package static let watches = 4096

  /// Items of one page of a list, and of a page where the request names no limit.
  package static let pageItems = 1000
  package static let defaultPageItems = 100

  /// Bytes of the items of one page. A thousand usual clusters or changes fit. With labels of full length they would be 35 MB,
  /// which a peer who does not take them would have the daemon keep.
  package static let pageBytes = 4 << 20

  /// Bytes that all connections together may have the daemon keep: lines that come in or wait, requests that are decoded, and
  /// replies that are not taken.
  package static let memoryBytes = 256 << 20

  /// Bytes of a message: a paragraph that says why, not a document.
  package static let messageBytes = 4096

  /// Revisions that a plan looks through for timeouts that the kernels may still hold: a bound on what a long history costs
  /// each change, and more than a node goes without a reboot.
  package static let timeoutRevisions = 64

  /// Revisions that a plan looks through for the mode that ran last, where kube-proxy is disabled. Nobody gives a kube-proxy that
  /// does not run so many configurations; who does, pays for 64 each time and not for all.
  package static let lastModeRevisions = 64

  /// Changes of a cluster that a confirm without `seq` looks through, the newest first, for the last one that waited. It says what
  /// became of that one, which matters soon after the wait; a confirm with `seq` finds any.
  package static let endedConfirmChanges = 64

  /// Changes that the refusal of a stale plan shows: enough to see who was there, and no history.
  package static let movedChanges = 5

  /// Bytes of an idempotency key: room for a UUID with a prefix.
  package static let requestIDBytes = 128

  /// Labels of one cluster, and the bytes of a key and a value; Kubernetes has 63 for either.
  package static let labels = 64
  package static let labelKeyBytes = 63
  package static let labelValueBytes = 256

  /// Members of one object of a request: an update that removes every label of a cluster and sets as many others. They are
  /// counted while the line is read, so that a longer object is never built.
  package static let jsonMembers = 2 * labels

  /// Bytes of one string or number of a request: four times the longest that is ever taken, a message, of which
  /// characters may be written as escapes.
  package static let jsonTextBytes = 4 * messageBytes

  /// Rules that one change may override; the catalogue has fewer.
  package static let overrides = 64

  /// Bytes of a text by which a list or a watch selects, or of a cursor: more than the longest key of a resource, in which each of
  /// the 90 characters of a resource group may take twelve.
  package static let selectorBytes = 1280

  /// The bounds of a request's JSON.
  package static let jsonBounds = JSON.Bounds(members: jsonMembers, textBytes: jsonTextBytes)

  /// Seconds that a change may wait to be confirmed: a week. Longer than that nobody watches.
  package static let confirmSeconds = 7 * 86_400

  /// The limits that a client can run into, by name.
  package static var json: JSON {
    [
      "lineBytes": .integer(lineBytes), "connections": .integer(connections), "queuedLines": .integer(queuedLines),
      "queuedLineBytes": .integer(queuedLineBytes), "changesInFlight": .integer(changesInFlight),
      "queuedChanges": .integer(queuedChanges), "queuedBytes": .integer(queuedBytes),
      "batchRequests": .integer(batchRequests), "batchReplyBytes": .integer(batchReplyBytes),
      "watchesPerConnection": .integer(watchesPerConnection), "watches": .integer(watches),
      "pageItems": .integer(pageItems), "pageBytes": .integer(pageBytes), "memoryBytes": .integer(memoryBytes),
      "messageBytes": .integer(messageBytes), "movedChanges": .integer(movedChanges),
      "applyChanges": .integer(applyChanges), "applyReports": .integer(applyReports),
      "applyRefusals": .integer(applyRefusals),
      "requestIdBytes": .integer(requestIDBytes), "labels": .integer(labels), "labelKeyBytes": .integer(labelKeyBytes),
      "labelValueBytes": .integer(labelValueBytes), "confirmSeconds": .integer(confirmSeconds),
      "overrides": .integer(overrides), "selectorBytes": .integer(selectorBytes),
      "jsonDepth": .integer(JSON.depthLimit), "jsonMembers": .integer(jsonMembers),
      "jsonTextBytes": .integer(jsonTextBytes),
    ]
  }
}
