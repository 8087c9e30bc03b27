// The server's tuning: what no client can see. What a client can run into is in `Limits`, which `registry.describe` reports.

enum ServerLimits {
  /// Connections that the kernel queues until they are accepted. A client that connects without blocking is refused when
  /// the queue is full, so it is as long as `Limits.connections`, which is also Linux's default for net.core.somaxconn.
  static let backlog: Int32 = 4096

  /// Bytes that are read of one connection before the others are polled: some 150 reads of a cluster, which take a
  /// millisecond or two.
  static let readBytes = 16 << 10

  /// Lines that are decoded and requests that are started of one connection in a pass, before it yields to the others.
  static let requestsPerPass = 32

  /// Bytes of replies that memory gives one connection in a pass. Past these the loop polls its channels before it goes on: the
  /// requests that it has read at once may be small, and their replies a hundred times as long.
  static let replyBytesPerPass = 64 << 10

  /// Bytes of a line that is decoded on the event loop, in tens of microseconds. A longer one goes to a worker.
  static let loopDecodedBytes = 16 << 10

  /// Seconds that a peer has to stop sending an over-long line, once the reply that refuses it is out, and to take what it is
  /// owed, once it is put off for the memory that it holds.
  static let discardSeconds: Int64 = 10

  /// Bytes by which a connection's share of the memory has to change before it is counted anew.
  static let accountedBytes = 4096

  /// What a decoded line takes in memory, as a multiple of its bytes: a number of one digit becomes a value of 16 bytes and
  /// more, a usual apply ten times its line.
  static let decodedFactor = 10

  /// Seconds that a stopping daemon waits for peers to take the replies that it owes them.
  static let drainSeconds: Int64 = 5

  /// Milliseconds after which a client may try again that found all connections, or all watches, taken. Unlike the writer's
  /// queue, nothing says when one of them ends.
  static let connectionRetryMs = 100
  static let watchRetryMs = 1000

  /// The same for a client whose connection held too much memory.
  static let memoryRetryMs = 1000

  /// Changes that are kept encoded for watchers, and their bytes. A watcher that is further behind reads the log.
  static let keptEvents = 1024
  static let keptEventBytes = 4 << 20

  /// What a connection spends on its watches before the others have their turn: 1 for each event that is compared with a
  /// filter, 1 more for so many bytes that are sent. In all some tens of microseconds.
  static let watchTurnUnits = 256
  static let bytesPerWatchUnit = 512

  /// Microseconds for which watches are given their turns before the loop polls its channels.
  static let watchTurnsMicroseconds: Int64 = 300

  /// Microseconds in which the loop polls its channels before a connection, or the watches, go on: it does so only once no task
  /// is due.
  static let pollMicroseconds: Int64 = 50

  /// Bytes of a page of the log that is read for a watch, unless its first event is longer.
  static let watchPageBytes = 256 << 10

  /// Seconds that the program of `--exec-on-revert` may run, and that it has to end after SIGTERM.
  static let hookSeconds = 30
  static let hookGraceSeconds = 2

  /// Milliseconds that the system may take for a line of the log before health says that nobody takes it.
  static let logPatienceMs = 1000

  /// Seconds after which a log that could not be written is tried again.
  static let logRetrySeconds = 5

  /// Milliseconds after which accepting is tried again that failed for want of a descriptor.
  static let acceptPauseMs: Int64 = 100

  /// Seconds that a change waits for the name of its user, and for which a name is believed before it is looked up anew.
  static let nameWaitSeconds = 2
  static let nameAgeSeconds = 60

  /// Users whose names are kept. More of them than this have a role on no machine.
  static let keptNames = 1024
}
