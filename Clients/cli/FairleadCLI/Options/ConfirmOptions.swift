// `--confirm-within`: how long a change waits to be confirmed before it reverts by itself.

internal import ArgumentParser
internal import ExactJSON
internal import FairleadModel

struct ConfirmOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the change back after this time (90s, 10m, 2h, 1h30m) unless 'fairlead confirm' follows.", valueName: "time"
    ),
    transform: Seconds.init(argument:))
  var confirmWithin: Seconds?

  /// `params` with `confirmWithinSeconds` added.
  func added(to params: JSONObject) -> JSONObject {
    var params = params
    params["confirmWithinSeconds"] = confirmWithin.map { .integer($0.count) }
    return params
  }
}

/// A time as people write it: a number of seconds, or numbers with the units d, h, m and s in this order.
struct Seconds: Sendable, Hashable {
  let count: Int

  private static let units: [(letter: Character, seconds: Int)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]

  init(argument text: String) throws {
    guard let count = Self.count(text) else {
      throw ValidationError("It is a time such as 90s, 10m, 2h or 1h30m, or a number of seconds.")
    }
    guard (1...Limits.confirmSeconds).contains(count) else {
      throw ValidationError("It is between one second and \(Limits.confirmSeconds / 86_400) days.")
    }
    self.count = count
  }

  private static func count(_ text: String) -> Int? {
    // Longer texts are above every limit, and would overflow an Int.
    guard !text.isEmpty, text.utf8.count <= 24 else { return nil }
    if text.allSatisfy(isDigit) { return Int(text) ?? Int.max }
    var total = 0
    var rest = text[...]
    var units = Self.units[...]
    while !rest.isEmpty {
      let digits = rest.prefix(while: isDigit)
      rest = rest.dropFirst(digits.count)
      guard let letter = rest.popFirst(), let index = units.firstIndex(where: { $0.letter == letter }) else {
        return nil
      }
      guard !digits.isEmpty else { return nil }
      let (product, overflows) = (Int(digits) ?? Int.max).multipliedReportingOverflow(by: units[index].seconds)
      let (sum, isTooMuch) = total.addingReportingOverflow(product)
      total = overflows || isTooMuch ? Limits.confirmSeconds + 1 : sum
      units = units[(index + 1)...]
    }
    return total
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}
