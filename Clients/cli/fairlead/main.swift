// The command `fairlead`: hands its arguments over and ends with the answer's exit code.

internal import FairleadCLI
internal import Glibc

exit(CommandLineProgram.run(Array(CommandLine.arguments.dropFirst())))
