// What the built command is linked with: neither the daemon's event loop nor its store.

import Foundation
import Testing

@Suite("Linking")
struct LinkTests {
  /// Whether a program's file contains the names of a module's symbols.
  private static func carries(_ program: String, module: String) throws -> Bool {
    let file = try Data(contentsOf: URL(filePath: Programs.path(program)), options: .alwaysMapped)
    return file.range(of: Data("$s\(module.utf8.count)\(module)".utf8)) != nil
  }

  @Test(
    "the command contains neither NIO nor GRDB nor the daemon's modules, which the same search finds in fairleadd",
    arguments: ["NIOCore", "NIOPosix", "GRDB", "FairleadStore", "FairleadService", "FairleadServer"])
  func thin(module: String) throws {
    #expect(try Self.carries("fairleadd", module: module))
    #expect(try !Self.carries("fairlead", module: module))
  }

  @Test("the search finds the command's own modules", arguments: ["FairleadCLI", "FairleadWire", "ArgumentParser"])
  func whole(module: String) throws { #expect(try Self.carries("fairlead", module: module)) }
}
