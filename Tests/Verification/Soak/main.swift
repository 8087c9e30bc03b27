// What scripts/soak runs: rounds of random work for minutes, and what they cost the daemon.

internal import HistoryChecker
internal import Foundation

do {
  try Soak(arguments: Array(CommandLine.arguments.dropFirst())).run()
} catch {
  FileHandle.standardError.write(Data("soak: \(error)\n".utf8))
  exit(error is Soak.Usage ? 64 : 1)
}
