// Makes the parts that these tests share with others visible in every file of theirs.

@_exported public import DaemonTestSupport
