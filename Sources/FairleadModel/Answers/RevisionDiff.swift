// Two revisions of a cluster side by side.

package import ExactJSON

/// What `cluster.diff` answers.
package struct RevisionDiff: JSONEncodable, Sendable, Hashable {
  package let key: ClusterKey
  package let from: Revision
  package let to: Revision

  package init(key: ClusterKey, from: Revision, to: Revision) {
    self.key = key
    self.from = from
    self.to = to
  }

  package func write(to text: inout JSONWriter) {
    key.write(to: &text)
    text.set("from", from.revision)
    text.set("to", to.revision)
    text.set("before", orNull: from.config)
    text.set("after", orNull: to.config)
    text.set("diff", DiffEntry.between(from.config, to.config))
  }
}
