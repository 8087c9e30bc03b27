// Circles in a graph, and the graphs of a module: its files by the types that they use, and its folders by their files.

/// Who uses whom.
struct Graph {
  private(set) var uses: [String: Set<String>] = [:]

  mutating func add(_ node: String) { uses[node, default: []] = uses[node] ?? [] }

  mutating func add(from user: String, to used: String) {
    add(user)
    add(used)
    if user != used { uses[user]?.insert(used) }
  }

  /// The groups of nodes that reach each other, the largest first. Source: Tarjan, "Depth-first search and linear graph
  /// algorithms", 1972.
  var circles: [[String]] {
    var search = Search(uses: uses)
    for node in uses.keys.sorted() where search.number[node] == nil { search.visit(node) }
    return search.circles.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
  }

  private struct Search {
    let uses: [String: Set<String>]
    var number: [String: Int] = [:]
    private var lowest: [String: Int] = [:]
    private var stack: [String] = []
    private(set) var circles: [[String]] = []

    init(uses: [String: Set<String>]) { self.uses = uses }

    mutating func visit(_ node: String) {
      let own = number.count
      number[node] = own
      lowest[node] = own
      stack.append(node)
      for next in (uses[node] ?? []).sorted() {
        if number[next] == nil {
          visit(next)
          lowest[node] = min(lowest[node] ?? own, lowest[next] ?? own)
        } else if stack.contains(next) {
          lowest[node] = min(lowest[node] ?? own, number[next] ?? own)
        }
      }
      guard lowest[node] == own, let start = stack.firstIndex(of: node) else { return }
      let circle = stack[start...].sorted()
      stack.removeSubrange(start...)
      if circle.count > 1 { circles.append(circle) }
    }
  }
}

/// The uses among the files of one module.
struct ModuleUses {
  /// Files, by their paths within the module.
  private(set) var files = Graph()
  /// The module's folders, with each file at its root as a node of its own.
  private(set) var folders = Graph()
  /// The types for which one file uses another.
  private var reasons: [String: [String]] = [:]

  /// - Parameters:
  ///   - sources: the module's files; their paths begin with `folder`.
  ///   - module: its name, which may qualify a type.
  init(_ sources: [SourceFile], folder: String, module: String) {
    let read = sources.map {
      (path: String($0.path.dropFirst(folder.count + 1)), uses: TypeUses($0.text, module: module))
    }
    var declaring: [String: [String]] = [:]
    for file in read {
      files.add(file.path)
      folders.add(Self.folder(of: file.path))
      for type in file.uses.declared { declaring[type, default: []].append(file.path) }
    }
    for file in read {
      for type in file.uses.used.sorted() {
        for other in declaring[type] ?? [] {
          files.add(from: file.path, to: other)
          folders.add(from: Self.folder(of: file.path), to: Self.folder(of: other))
          reasons["\(file.path) \(other)", default: []].append(type)
        }
      }
    }
  }

  private static func folder(of path: String) -> String { String(path.prefix { $0 != "/" }) }

  /// The uses within a circle of files, a line each, to see where it can be opened.
  func explanation(_ circle: [String]) -> String {
    var lines: [String] = []
    for user in circle {
      let used = (files.uses[user] ?? []).intersection(circle).sorted()
      let list = used.map { "\($0) (\((reasons["\(user) \($0)"] ?? []).joined(separator: ", ")))" }
      lines.append("\(user) -> \(list.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }
}
