// What the built command carries: never the daemon's event loop, nor its store.

import Foundation
import Testing

@Suite("Linked")
struct LinkTests {
  /// Whether the names of a module's symbols stand in a program's file.
  private static func carries(_ program: String, module: String) throws -> Bool {
    let file = try Data(contentsOf: URL(filePath: Programs.path(program)), options: .alwaysMapped)
    return file.range(of: Data("$s\(module.utf8.count)\(module)".utf8)) != nil
  }

  @Test(
    "the command carries neither NIO nor GRDB nor the daemon, all of which fairleadd shows to be found so",
    arguments: ["NIOCore", "NIOPosix", "GRDB", "FairleadStore", "FairleadService", "FairleadServer"])
  func thin(module: String) throws {
    #expect(try Self.carries("fairleadd", module: module))
    #expect(try !Self.carries("fairlead", module: module))
  }

  @Test("the command carries what it is made of", arguments: ["FairleadCLI", "FairleadWire", "ArgumentParser"])
  func whole(module: String) throws { #expect(try Self.carries("fairlead", module: module)) }
}
