// Stops accepting connections while the process or the machine is out of descriptors.

internal import Glibc
internal import LinuxSupport
internal import NIOCore

/// A handler of the server channel. An accept that fails for want of a descriptor leaves the client in the queue, so the kernel
/// would report it again at once, and the loop would do nothing else. Nobody is refused by the pause: clients wait in the queue.
final class AcceptPause: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = any Channel

  /// Reports that the pause begins, with the error, and `nil` that it is over. On the event loop.
  private let onChange: (SystemError?) -> Void
  private enum State {
    case accepting
    case paused
  }

  private var state = State.accepting

  init(onChange: @escaping (SystemError?) -> Void) { self.onChange = onChange }

  /// NIO asks to go on with each read that is done; while there is a pause, that is what does not happen.
  func read(context: ChannelHandlerContext) {
    if case .accepting = state { context.read() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? IOError, Self.isTransient(error.errnoCode) else {
      return context.fireErrorCaught(error)
    }
    // A client that hung up while it waited is nobody's trouble.
    guard error.errnoCode != ECONNABORTED, case .accepting = state else { return }
    state = .paused
    onChange(SystemError(errno: error.errnoCode))
    tryLater(context)
  }

  /// Those after which NIO keeps the server channel open.
  private static func isTransient(_ code: CInt) -> Bool {
    [ECONNABORTED, EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
  }

  private func tryLater(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(ServerLimits.acceptPauseMs)) {
      let (handler, context) = bound.value
      guard context.channel.isActive else { return }
      // Asked of the kernel and not of the next client: while nobody connects, the pause has to end as well.
      guard hasFreeDescriptor() else { return handler.tryLater(context) }
      handler.state = .accepting
      handler.onChange(nil)
      context.read()
    }
  }
}
