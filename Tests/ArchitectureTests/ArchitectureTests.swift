// Who may import whom, and what no file may do.

import Testing

@Suite("Architecture")
struct ArchitectureTests {
  @Test("every layer imports only what it may", arguments: Layer.all)
  func imports(layer: Layer) throws {
    let files = try SourceTree.swiftFiles(in: layer.folder)
    #expect(!files.isEmpty)
    for file in files {
      for module in SourceTree.imports(file.text) {
        #expect(layer.mayImport.contains(module), "\(file.path) imports \(module): \(layer.reason)")
      }
    }
  }

  @Test("no file of the product reads rows with GRDB's accessors, which trap where a value is not of the expected type")
  func noTrappingRows() throws {
    for file in try SourceTree.swiftFiles(in: "Sources") {
      for accessor in ["Row.fetch", "row[\"", ".fetchOne(", ".fetchAll(", ".fetchCursor(", ".fetchSet("] {
        #expect(!file.text.contains(accessor), "\(file.path) uses \(accessor); RowReader reads columns and throws")
      }
    }
  }

  @Test("every target of the package has a layer")
  func complete() throws {
    // The C target has no Swift file whose imports could be read.
    #expect(Set(try SourceTree.targets().products).subtracting(["CLinuxSupport"]) == Set(Layer.all.map(\.module)))
  }

  @Test("no file of the product forces, traps or shouts an unfinished thing without its reason")
  func noTraps() throws {
    for folder in ["Sources", "Clients"] {
      for file in try SourceTree.swiftFiles(in: folder) {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
          let hasReason = line.contains("//") || (number > 0 && lines[number - 1].contains("//"))
          for trap in ["try!", "fatalError(", "as! ", "nonisolated(unsafe)", "@unchecked Sendable", "@preconcurrency"]
          where line.contains(trap) {
            #expect(hasReason, "\(file.path):\(number + 1) has \(trap) without its reason beside it")
          }
          // Words of their own: the templates of mkdtemp end in six of a letter.
          for word in ["TODO", "FIXME", "XXX"] where line.contains(word) {
            #expect(!line.split { !$0.isLetter }.contains { $0 == word }, "\(file.path):\(number + 1) has \(word)")
          }
        }
      }
    }
  }

  @Test("every file opens with the sentence that says what it is for")
  func openings() throws {
    for folder in ["Sources", "Clients", "Tests"] {
      for file in try SourceTree.swiftFiles(in: folder) {
        #expect(file.text.hasPrefix("// "), "\(file.path)")
      }
    }
  }

  @Test("no clock, random number or environment in what must be the same each time")
  func purity() throws {
    for folder in [
      "Sources/FairleadImpact", "Sources/FairleadModel", "Sources/ExactJSON", "Sources/FairleadWire",
      "Clients/cli/FairleadPages",
    ] {
      for file in try SourceTree.swiftFiles(in: folder) {
        for impure in ["Date(", ".random(", "getenv", "clock_gettime", "ContinuousClock", "ProcessInfo"] {
          #expect(!file.text.contains(impure), "\(file.path) has \(impure)")
        }
      }
    }
  }

  @Test("errors are told apart by symbols, never by their text")
  func noTextMatching() throws {
    for folder in ["Sources", "Clients"] {
      for file in try SourceTree.swiftFiles(in: folder) {
        for match in [
          "message.contains(\"", "message.hasPrefix(", "localizedDescription.contains", "description.contains(",
        ] {
          #expect(!file.text.contains(match), "\(file.path) has \(match)")
        }
      }
    }
  }
}
