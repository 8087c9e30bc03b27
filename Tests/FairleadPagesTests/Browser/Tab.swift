// A page in the browser: its content, its requests, and its errors.

import DaemonTestSupport
import ExactJSON
import Foundation

struct Tab {
  let browser: Browser
  let session: String
  let address: String

  /// Opens `html` from a file, and returns when it is loaded. The width is that of the window.
  init(_ browser: Browser, _ html: String, width: Int = 1400) throws {
    self.browser = browser
    let name = "\(browser.folder)/\(UUID().uuidString).html"
    try Data(html.utf8).write(to: URL(filePath: name))
    address = "file://\(name)"
    (_, session) = try Self.blank(browser)
    for domain in ["Network", "Log", "Runtime", "Page"] { try call("\(domain).enable") }
    try resize(width)
    try call("Page.navigate", ["url": .string(address)])
    try browser.wait(for: "Page.loadEventFired", session: session)
  }

  /// An empty page, without a content security policy.
  static func blank(_ browser: Browser) throws -> (target: JSON, session: String) {
    let target = try browser.call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? .null
    let attached = try browser.call("Target.attachToTarget", ["targetId": target, "flatten": true])
    guard let session = attached["sessionId"]?.stringValue else { throw Failure("no session: \(attached.text)") }
    return (target, session)
  }

  @discardableResult
  func call(_ method: String, _ params: JSON = [:]) throws -> JSON {
    try browser.call(method, params, session: session)
  }

  func resize(_ width: Int) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": .integer(width), "height": 900, "deviceScaleFactor": 1, "mobile": false])
  }

  /// `light` or `dark` on a `screen` or in `print`.
  func emulate(scheme: String = "light", media: String = "screen") throws {
    try call(
      "Emulation.setEmulatedMedia",
      [
        "media": .string(media),
        "features": .array([["name": "prefers-color-scheme", "value": .string(scheme)]]),
      ])
  }

  /// The value of an expression, which is evaluated regardless of the page's content security policy.
  func value(_ expression: String) throws -> JSON {
    let answer = try call(
      "Runtime.evaluate",
      ["expression": .string(expression), "returnByValue": true, "awaitPromise": true])
    if let thrown = answer["exceptionDetails"] { throw Failure("\(expression): \(thrown.text)") }
    return answer["result"]?["value"] ?? .null
  }

  /// The lines of an expression that evaluates to an array of strings.
  func lines(_ expression: String) throws -> [String] {
    guard let items = try value(expression).arrayValue else { throw Failure("no array: \(expression)") }
    return items.map { $0.stringValue ?? $0.text }
  }

  func text(_ selector: String) throws -> [String] {
    try lines("[...document.querySelectorAll(\(JSON.string(selector).text))].map(e => e.textContent.trim())")
  }

  private var own: [JSON] { browser.events.filter { $0["sessionId"] == .string(session) } }

  /// The addresses that the page asked for, itself among them.
  var requests: [String] {
    own.filter { $0["method"] == "Network.requestWillBeSent" }
      .compactMap { $0["params"]?["request"]?["url"]?.stringValue }
  }

  /// Script errors, console messages, and what the content security policy blocked.
  var complaints: [String] {
    own.filter { ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"].contains($0["method"]) }
      .map { $0["params"]?.text ?? "" }
  }

  /// The whole page as a PNG.
  func screenshot() throws -> Data {
    let size = try value("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    guard let width = size.arrayValue?.first, let height = size.arrayValue?.last?.intValue else {
      throw Failure("no size: \(size.text)")
    }
    try call("Page.bringToFront")
    // A hostile page may be longer than the browser can render at once.
    let answer = try call(
      "Page.captureScreenshot",
      [
        "format": "png", "captureBeyondViewport": true,
        "clip": ["x": 0, "y": 0, "width": width, "height": .integer(min(height, 12_000)), "scale": 1],
      ])
    return try bytes(answer)
  }

  /// The page as it goes to a printer.
  func pdf() throws -> Data {
    try bytes(try call("Page.printToPDF", ["printBackground": true, "preferCSSPageSize": true]))
  }

  private func bytes(_ answer: JSON) throws -> Data {
    guard let data = Data(base64Encoded: answer["data"]?.stringValue ?? "") else { throw Failure("no data") }
    return data
  }
}

/// What a screenshot holds, as the browser itself decodes it.
struct Picture {
  let colours: Int
  /// The share of the most frequent colour, which is the background's, and how bright it is: 0 to 255.
  let paperShare: Double
  let paperBrightness: Int

  init(_ png: Data, in browser: Browser) throws {
    let (target, session) = try Tab.blank(browser)
    let script = """
      (async () => {
        const blob = await (await fetch("data:image/png;base64,\(png.base64EncodedString())")).blob();
        const image = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        const data = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
        const counts = new Map();
        for (const pixel of data) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
        const [paper, count] = [...counts].reduce((a, b) => b[1] > a[1] ? b : a);
        return [counts.size, Math.round(count / data.length * 1000), (paper & 255) + (paper >> 8 & 255) + (paper >> 16 & 255)];
      })()
      """
    let answer = try browser.call(
      "Runtime.evaluate", ["expression": .string(script), "returnByValue": true, "awaitPromise": true], session: session
    )
    // Of two pages on the screen, the one behind would not be painted.
    try browser.call("Target.closeTarget", ["targetId": target])
    guard let values = answer["result"]?["value"]?.arrayValue?.compactMap(\.intValue), values.count == 3 else {
      throw Failure("cannot decode a screenshot: \(answer.text.prefix(500))")
    }
    colours = values[0]
    paperShare = Double(values[1]) / 1000
    paperBrightness = values[2] / 3
  }
}
