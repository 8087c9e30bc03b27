// `--format`: the form of an impact report.

internal import ArgumentParser

struct ReportFormatOptions: ParsableArguments {
  @Option(help: "How to write the report; --output decides where this is left out.") var format: ReportFormat?
}
