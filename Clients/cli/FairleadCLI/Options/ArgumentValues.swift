// Values that the parser reads from a word.

internal import ArgumentParser
internal import FairleadModel

extension Output: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
extension ResourceKind: ExpressibleByArgument {}
