// The templates of the pages, which are embedded in the program.

internal import Mustache

enum Page {
  /// Renders a view with the template of that name.
  static func render(_ view: Any, _ template: String) -> String {
    guard let page = library.render(view, withTemplate: template) else {
      // Names are literals in this module, and a test renders each page.
      preconditionFailure("no template \(template)")
    }
    return page
  }

  /// The style sheet: the look of everything, then what changes with the width of the window and on paper.
  static let style = text(PackageResources.style_css) + text(PackageResources.media_css)

  private static let library: MustacheLibrary = {
    MustacheContentTypes.register(PageText(), named: PageText.name)
    var library = MustacheLibrary()
    for (name, bytes) in [
      ("report", PackageResources.report_mustache), ("history", PackageResources.history_mustache),
      ("head", PackageResources.head_mustache), ("finding", PackageResources.finding_mustache),
      ("figure", PackageResources.figure_mustache), ("step", PackageResources.step_mustache),
    ] {
      do {
        try library.register(text(bytes), named: name)
      } catch {
        // A template is part of the program, and a test renders each page: one that does not parse never ships.
        preconditionFailure("template \(name): \(error)")
      }
    }
    return library
  }()

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
