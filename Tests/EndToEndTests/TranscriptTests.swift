// Recorded conversations with a daemon, compared byte for byte: `> request` and `< reply` as they are on the socket.

import ExactJSON
import Foundation
import Testing

@Suite("Transcripts", .timeLimit(.minutes(10)))
struct TranscriptTests {
  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Repository.path("Tests/Transcripts"))) ?? []
    return names.filter { $0.hasSuffix(".jsonl") }.sorted()
  }()

  @Test("the folder has transcripts")
  func exist() {
    #expect(Self.files.count >= 4)
  }

  /// Lines that start with `#` are comments. Times and actors are written as TIME and ACTOR, since they differ each time.
  /// FAIRLEAD_RECORD=1 writes the replies anew; read the difference before you commit it.
  @Test("every request gets the recorded reply", arguments: files)
  func replay(file: String) throws {
    let path = Repository.path("Tests/Transcripts/\(file)")
    let daemon = try RunningDaemon(in: Scratch())
    let client = try daemon.connect()
    var played: [String] = []
    let script = try String(contentsOfFile: path, encoding: .utf8)
    for line in script.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("< ") { continue }
      played.append(line)
      guard line.hasPrefix("> ") else { continue }
      client.send(String(line.dropFirst(2)) + "\n")
      // A notification has no reply; that the next reply is the next request's shows that none came.
      guard let request = try? JSON(parsing: String(line.dropFirst(2))), request["id"] == nil,
        request["jsonrpc"] != nil, request["method"]?.stringValue != nil
      else {
        let reply = try #require(try client.readLine())
        played.append("< \(try JSON(parsing: reply).withoutWhoAndWhen.text)")
        continue
      }
    }
    let now = played.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["FAIRLEAD_RECORD"] == "1" {
      try Data(now.utf8).write(to: URL(filePath: path))
    }
    #expect(now == script)
    #expect(daemon.stop() == 0)
  }
}
