// Cuts the bytes of a connection into lines: a decoder in NIO's shape, which needs no channel.

internal import NIOCore

/// Hands out complete lines, without their line feed and without a carriage return before it.
///
/// It takes every byte out of the buffer as soon as it comes, so that each is searched once and copied once however many
/// reads a line takes. A line of 8 MiB comes in 512 reads of 16 KiB: searching it from its start after each of them would
/// read 2 GiB.
struct LineDecoder: NIOSingleStepByteToMessageDecoder {
  typealias InboundOut = [UInt8]

  /// The line that was coming in is longer than the limit. No byte after it can be trusted to start a line, so the decoder
  /// must not be called again.
  struct LineTooLong: Error, Hashable {}

  private let limit: Int
  /// What has come of the current line.
  private var partial: [UInt8] = []

  /// Bytes that have come of the current line.
  var partialBytes: Int { partial.count }

  /// `limit` is the most bytes of a line, without its line feed.
  init(limit: Int) { self.limit = limit }

  mutating func decode(buffer: inout ByteBuffer) throws(LineTooLong) -> [UInt8]? {
    let bytes = buffer.readableBytesView
    let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    let piece = bytes[..<(end ?? bytes.endIndex)]
    guard partial.count + piece.count <= limit else {
      partial = []
      throw LineTooLong()
    }
    partial.append(contentsOf: piece)
    buffer.moveReaderIndex(forwardBy: piece.count + (end == nil ? 0 : 1))
    return end == nil ? nil : takePartial()
  }

  /// The last line may lack its line feed.
  mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws(LineTooLong) -> [UInt8]? {
    if let line = try decode(buffer: &buffer) { return line }
    return partial.isEmpty ? nil : takePartial()
  }

  private mutating func takePartial() -> [UInt8] {
    defer { partial = [] }
    if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
    return partial
  }
}
