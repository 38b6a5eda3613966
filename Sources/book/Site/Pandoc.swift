import Files
import Foundation

/// Pandoc, which reads Markdown and writes HTML and MathML (https://pandoc.org).
struct Pandoc {
  /// Why it can't do its part.
  enum Failure: Error, CustomStringConvertible {
    case missing
    case failed(page: String, complaints: String)

    var description: String {
      switch self {
      case .missing:
        """
        `book build` needs pandoc, version 2.17 or newer, which turns Markdown into HTML, and it isn't in PATH. \
        Install it: `sudo apt-get install pandoc` on Debian and Ubuntu, `brew install pandoc` on macOS, or from \
        https://pandoc.org/installing.html.
        """
      case .failed(let page, let complaints): "pandoc fails on \(page):\n\(complaints)"
      }
    }
  }

  private let program: URL
  /// Of the JSON: what it is given has to name the one that it gives.
  private var version = JSON.null

  /// - Throws: ``Failure/missing``.
  init(path: String = ProcessInfo.processInfo.environment["PATH"] ?? "") throws {
    let places = path.split(separator: ":").map { "\($0)/pandoc" }
    guard let place = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw Failure.missing
    }
    program = URL(fileURLWithPath: place)
    version = try document("", page: "nothing")["pandoc-api-version"] ?? .null
  }

  /// The blocks of a page's Markdown, as a forge reads it.
  ///
  /// - Parameter page: its name, for a complaint.
  func blocks(_ markdown: String, page: String) throws -> [JSON] {
    try document(markdown, page: page)["blocks"]?.list ?? []
  }

  private func document(_ markdown: String, page: String) throws -> [String: JSON] {
    let json = try run(
      ["--from", "gfm+tex_math_dollars+smart", "--to", "json"], markdown, page)
    guard case .object(let document) = JSON(try JSONSerialization.jsonObject(with: json)) else {
      return [:]
    }
    return document
  }

  /// HTML of blocks: formulas as MathML, code with a class for each kind of word.
  func html(_ blocks: [JSON], page: String) throws -> String {
    let document: [String: Any] = [
      "pandoc-api-version": version.value, "meta": [String: Any](),
      "blocks": JSON.list(blocks).value,
    ]
    let html = try run(
      ["--from", "json", "--to", "html5", "--mathml", "--wrap", "preserve"],
      String(decoding: JSONSerialization.data(withJSONObject: document), as: UTF8.self), page)
    return Maths.withPlainBrackets(String(decoding: html, as: UTF8.self))
  }

  private func run(_ arguments: [String], _ input: String, _ page: String) throws -> Data {
    try withTemporaryFolder { folder in
      let (source, result) = (
        folder.appendingPathComponent("in"), folder.appendingPathComponent("out")
      )
      try Data(input.utf8).write(to: source)
      let (status, complaints) = try book.run(
        program, arguments + ["--output", result.path, source.path])
      // A formula that pandoc can't read is only a warning to it.
      guard status == 0, complaints.isEmpty else {
        throw Failure.failed(page: page, complaints: complaints)
      }
      return try Data(contentsOf: result)
    }
  }
}
