// A single request and its reply, outside any measurement.

extension LoadRun {
  /// Sends one line and returns the reply line with its line feed, whatever it says.
  package static func ask(
    _ request: RequestTemplate, on target: Target, _ interruption: Interruption? = nil
  ) throws(LoadError) -> [UInt8] {
    let channel = Channel(try target.connect(client: 0), .lines)
    var poller = Poller([channel.descriptor], interruption)
    let received = ReceiveBuffer()
    channel.write { request.append(0, to: &$0) }
    var reply: [UInt8]?
    while true {
      try channel.flush()
      poller.wantsToSend(0, channel.isBlocked)
      try poller.wait()
      _ = try channel.receive(received.bytes) { (line) throws(LoadError) in reply = Array(line) }
      if let reply { return reply }
    }
  }
}
