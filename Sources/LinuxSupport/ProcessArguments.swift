// The arguments that the kernel gave this process, to check what the language's runtime found.

internal import Glibc

/// The arguments with which this process was started, its name first; `nil` where /proc cannot be read. Source:
/// proc_pid_cmdline(5): the arguments, each with a zero byte behind it.
package func kernelArguments() -> [String]? {
  let descriptor = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var text: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = retryingInterrupts { read(descriptor, &chunk, chunk.count) }
    guard count >= 0 else { return nil }
    guard count > 0 else { break }
    text += chunk[..<count]
  }
  return arguments(inCommandLine: text)
}

/// The arguments in the text of /proc/self/cmdline.
func arguments(inCommandLine text: [UInt8]) -> [String] {
  guard !text.isEmpty else { return [] }
  // The last one ends with a zero byte as well, behind which there is none.
  let ended = text.last == 0 ? text.dropLast() : text[...]
  return ended.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
}
