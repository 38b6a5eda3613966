import Foundation
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page, read by an XML parser.
struct Page {
  let source: String
  let elements: [(name: String, attributes: [String: String])]
  /// All text outside of scripts, styles and saved tables.
  let text: String
  /// The questions in SQL.
  let codes: [String]
  /// What is kept for the script, by id.
  let templates: [String: String]

  /// - Throws: if it isn't well-formed.
  init(_ report: Report) throws {
    var generator = Counter()
    source = report.page(using: &generator)
    let reading = Reading()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = reading
    try #require(
      parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    (elements, text, codes) = (reading.elements, reading.text, reading.codes)
    templates = reading.templates
  }

  func count(_ name: String) -> Int { elements.count { $0.name == name } }

  /// The number by which the page knows its own script.
  var nonce: String {
    elements.first { $0.name == "script" }?.attributes["nonce"] ?? ""
  }

  private struct Counter: RandomNumberGenerator {
    var state: UInt64 = 0
    mutating func next() -> UInt64 {
      state += 0x9E37_79B9
      return state
    }
  }

  private final class Reading: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""
    var codes: [String] = []
    var templates: [String: String] = [:]
    private var open: [(name: String, id: String)] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      elements.append((name, attributes))
      open.append((name, attributes["id"] ?? ""))
      if name == "code" { codes.append("") }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
      switch open.last?.name {
      case "template": templates[open.last?.id ?? "", default: ""] += characters
      case "script", "style": break
      case "code": codes[codes.count - 1] += characters
      default: text += characters
      }
    }
  }
}

/// Chromium without a window, if it is installed.
enum Browser {
  static let program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The path of axe.min.js; it is other people's code, and not part of this package.
  static let axe = ProcessInfo.processInfo.environment["RESNET_AXE"]

  /// What has become of a page when its script has run; nil without a browser.
  ///
  /// - Throws: if anything was written to the console.
  static func dom(of page: String, in folder: String) throws -> String? {
    guard let program else { return nil }
    let (file, output, messages) = (folder + "/page.html", folder + "/dom", folder + "/messages")
    for (path, text) in [(file, page), (output, ""), (messages, "")] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)/profile",
      "--enable-logging=stderr", "--virtual-time-budget=10000", "--dump-dom", "file://\(file)",
    ]
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: messages)
    try process.run()
    process.waitUntilExit()
    let complaints = try String(contentsOfFile: messages, encoding: .utf8)
      .split(separator: "\n").filter { $0.contains("CONSOLE") }
    #expect(complaints.isEmpty, "\(complaints)")
    return try String(contentsOfFile: output, encoding: .utf8)
  }
}
