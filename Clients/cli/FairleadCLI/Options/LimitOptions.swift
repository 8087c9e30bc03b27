// How much of a list is wanted.

internal import ArgumentParser

struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Stop after this many.", valueName: "n"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is 1 or more.") }
  }
}
