// The repository as text: its Swift files, and what its manifest declares.

import Foundation

/// A file of the repository.
struct SourceFile: Sendable, Hashable {
  /// Relative to the repository.
  let path: String
  let text: String
}

enum SourceTree {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The Swift files below a folder, in the order of their paths.
  static func swiftFiles(in folder: String) throws -> [SourceFile] {
    let base = root.appending(path: folder)
    let names =
      FileManager.default.enumerator(atPath: base.path(percentEncoded: false))?.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      SourceFile(path: "\(folder)/\(name)", text: try text("\(folder)/\(name)"))
    }
  }

  /// The modules that a file imports.
  static func imports(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index <= 2, !line.hasPrefix("//") else { return nil }
      // `import struct Module.Name` names its module second.
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let rest = words[(index + 1)...].filter { !kinds.contains($0) }
      return rest.first.map { String($0.prefix { $0 != "." }) }
    }
  }

  /// The names of the manifest's targets: libraries and programs, and tests.
  static func targets() throws -> (products: [String], tests: [String]) {
    let manifest = try text("Package.swift")
    return (
      manifest.matches(of: /\.(?:target|executableTarget)\(\s*name: "(\w+)"/).map { String($0.1) },
      manifest.matches(of: /\.testTarget\(\s*name: "(\w+)"/).map { String($0.1) }
    )
  }
}
