// What a figure was measured on.

internal import Glibc

enum Machine {
  /// Processor, cores, system and kernel, on one line.
  static var text: String {
    let model = value(of: "model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown processor"
    let system = value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? "Linux"
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return "\(model), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores, \(system), Linux \(release)"
  }

  /// Today in UTC.
  static var date: String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }

  /// The path of a program, where it is to be found.
  static func path(of program: String) -> String? {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return folders.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  private static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1024)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let parts = text.split(separator: separator, maxSplits: 1)
      guard parts.count == 2, trimmed(parts[0]) == key else { continue }
      return trimmed(parts[1])
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    let unwanted: Set<Character> = [" ", "\t", "\n", "\""]
    return String(text.drop { unwanted.contains($0) }.reversed().drop { unwanted.contains($0) }.reversed())
  }
}
