// A short identifier of some content, the same for the same bytes.

internal import Crypto

/// The first `bytes` of the SHA-256 of `content`, in hexadecimal digits.
func fingerprint(of content: [UInt8], bytes: Int = SHA256.byteCount) -> String {
  SHA256.hash(data: content).prefix(bytes).map { byte in
    let digits = String(byte, radix: 16)
    return digits.utf8.count == 1 ? "0" + digits : digits
  }.joined()
}
