// No circle of more than five files, and none of folders; and that the reader which says so reads Swift as it should.

import Testing

@Suite("Circles of files and folders")
struct CircleTests {
  /// Two types that are defined in terms of each other are no fault, and a protocol with its few adopters is none. Past five,
  /// none of the files can be understood without the others.
  static let largestCircle = 5

  @Test("no circle of files has more than five, and no folders use each other in a circle", arguments: Module.all)
  func repository(module: Module) throws {
    let sources = try SourceTree.swiftFiles(in: module.folder)
    #expect(!sources.isEmpty)
    let uses = ModuleUses(sources, folder: module.folder, module: module.name)
    for circle in uses.files.circles {
      #expect(
        circle.count <= Self.largestCircle,
        "\(module.folder) has a circle of \(circle.count) files:\n\(uses.explanation(circle))")
    }
    for circle in uses.folders.circles {
      Issue.record("\(module.folder) has a circle of folders: \(circle.joined(separator: ", "))")
    }
  }

  // MARK: The reader

  @Test("a file declares the types at its top level that others can see")
  func declarations() {
    let uses = TypeUses(
      """
      import struct Foundation.Date
      package struct A { struct Nested {} }
      @Suite("x") final class B {}
      private enum Hidden { case a }
      fileprivate final class Other {}
      indirect enum C {}
      package protocol D: ~Copyable {}
      typealias E = Int
      extension F { struct G {} }
      """)
    #expect(uses.declared == ["A", "B", "C", "D", "E"])
  }

  @Test("a file uses what it names in code, and not what stands in comments and strings")
  func uses() {
    let uses = TypeUses(
      ##"""
      // Comment
      /* Block /* Nested */ Block */
      /// Documentation of `Quoted`.
      func f(_ a: Argument) -> [Result]? {
        let text = "Text \(Interpolated(a, "Inner \(Deep.value)")) Text"
        let raw = #"Raw \(NotInterpolated) \#(RawInterpolated.self)"#
        let lines = """
          Lines "Quoted" \(
            Multiline.value)
          """
        return Generic<Parameter>.make()
      }
      """##)
    #expect(
      uses.used == [
        "Argument", "Result", "Interpolated", "Deep", "RawInterpolated", "Multiline", "Generic", "Parameter",
      ])
  }

  @Test("a member of another type is no top-level type, and one that the module's name qualifies is")
  func members() {
    let uses = TypeUses("let a: Outer.Inner = Module.Known.shared.Thing()", module: "Module")
    #expect(uses.used == ["Outer", "Module", "Known"])
  }

  @Test("a nested type hides a top-level one of the same name in its file")
  func shadowing() {
    #expect(TypeUses("struct A { enum Kind {}; let kind: Kind; let other: Other }").used == ["Other"])
  }

  @Test("circles are found with all that belong to them, and nothing else")
  func graph() {
    var graph = Graph()
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "d"), ("f", "a"), ("g", "g")] {
      graph.add(from: from, to: to)
    }
    #expect(graph.circles == [["a", "b", "c"], ["d", "e"]])
  }

  @Test("a module's circles are named with the types that close them")
  func module() {
    let sources = [
      SourceFile(path: "M/Low/A.swift", text: "struct A { var b: B? }"),
      SourceFile(path: "M/High/B.swift", text: "final class B { var c: C? }"),
      SourceFile(path: "M/High/C.swift", text: "struct C { var a: A }"),
      SourceFile(path: "M/Root.swift", text: "let root = C.self"),
    ]
    let uses = ModuleUses(sources, folder: "M", module: "M")
    #expect(uses.files.circles == [["High/B.swift", "High/C.swift", "Low/A.swift"]])
    #expect(uses.folders.circles == [["High", "Low"]])
    #expect(
      uses.explanation(uses.files.circles[0]) == """
        High/B.swift -> High/C.swift (C)
        High/C.swift -> Low/A.swift (A)
        Low/A.swift -> High/B.swift (B)
        """)
  }
}

/// A module of the package, tests included, and where its files are.
struct Module: CustomTestStringConvertible {
  let name: String
  let folder: String
  var testDescription: String { name }

  static let all: [Module] =
    Layer.all.map { Module(name: $0.module, folder: $0.folder) }
    + TargetTests.tests.map { Module(name: $0, folder: "Tests/\($0)") }
}
