// Who requested a change, as the kernel reports it.

package import ExactJSON

/// The peer of a connection as `SO_PEERCRED` reports it, with its user's name where the system knows one.
package struct Actor: JSONObjectDecodable, JSONEncodable, Sendable, Hashable {
  package let uid: UInt32
  package let gid: UInt32
  package let pid: Int32
  package let name: String

  package init(uid: UInt32, gid: UInt32, pid: Int32, name: String) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
    self.name = name
  }

  package init(_ reader: JSONObjectDecoder) throws(Refusal) {
    self.init(
      uid: UInt32(clamping: try reader.requiredInteger("uid")),
      gid: UInt32(clamping: try reader.requiredInteger("gid")),
      pid: Int32(clamping: try reader.requiredInteger("pid")), name: try reader.requiredString("name"))
  }

  package func write(to text: inout JSONWriter) {
    text.set("uid", Int(uid))
    text.set("gid", Int(gid))
    text.set("pid", Int(pid))
    text.set("name", name)
  }
}

/// What a peer may do. Each role includes the ones before it.
package enum Role: String, Sendable, Hashable, CaseIterable {
  case read
  case operate
  case admin
}
