import Charts
import Files
import Foundation

/// A chapter's figure inside a page. Its own style sheet goes: the book's has the rules of all figures, so that they
/// follow the reader's choice of light or dark.
struct Figure {
  /// Why a figure can't be used.
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// The rules of all figures: the value of each property of each selector, light and dark.
  struct Rules {
    private var light: [String: [String: String]] = [:]
    private var dark: [String: [String: String]] = [:]

    /// Gathers those of all chapters' figures.
    ///
    /// - Throws: ``Failure`` if two figures contradict each other.
    init(in package: URL) throws {
      for file in try ChapterFolder.all(in: package).flatMap(\.figures) {
        let (_, style) = try Figure.parts(of: file)
        try add(style, of: file.path)
      }
    }

    /// Adds those of a figure.
    ///
    /// - Throws: ``Failure`` if another figure has another value.
    private mutating func add(_ style: String, of path: String) throws {
      let rules = style.replacing("&quot;", with: "\"")
      let parts = rules.split(separator: "@media (prefers-color-scheme:dark)", maxSplits: 1)
      for (part, scheme) in zip(parts, [\Rules.light, \Rules.dark]) {
        for rule in part.matches(of: /(\.chart [^{}]+)\{([^{}]+)\}/) {
          for declaration in rule.2.split(separator: ";") {
            let pair = declaration.split(separator: ":", maxSplits: 1)
            let (name, property) = (String(rule.1), String(pair[0]))
            let value = String(pair[1])
            let old = self[keyPath: scheme][name]?[property]
            guard old == nil || old == value else {
              throw Failure(
                description: "\(path): \(name) has another \(property) than in other figures: "
                  + "weave all chapters anew.")
            }
            self[keyPath: scheme][name, default: [:]][property] = value
          }
        }
      }
    }

    /// The rules as one style sheet.
    var css: String {
      light.sorted { $0.key < $1.key }.map { name, properties in
        let pairs = properties.sorted { $0.key < $1.key }.map { property, value in
          guard let other = dark[name]?[property], other != value else {
            return "\(property): \(value)"
          }
          return "\(property): light-dark(\(value), \(other))"
        }
        return "\(name) { \(pairs.joined(separator: "; ")) }\n"
      }.joined()
    }
  }

  /// The drawing, as an element of a page.
  let svg: String

  /// Reads a figure's file.
  ///
  /// - Parameters:
  ///   - file: the figure.
  ///   - alternative: what is said of it in place of its own title and description; for one that is shown small.
  ///   - description: what is said of it in place of its own description.
  ///   - words: gives what is written in the place of words of its own.
  init(
    _ file: URL, alternative: String? = nil, description: String? = nil,
    words: (String) -> String = { $0 }
  ) throws {
    var svg = DrawnFigure(try Figure.parts(of: file).svg).renamed(words)
    let about = /<desc>(?s).*?<\/desc>\n?/
    if let alternative {
      svg = svg.replacing(about, with: "")
        .replacing(/<title>(?s).*?<\/title>/, with: "<title>\(alternative.escaped)</title>")
    } else if let description {
      svg = svg.replacing(about, with: "<desc>\(description.escaped)</desc>\n")
    }
    self.svg = svg.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A figure's file without its style sheet, and that.
  private static func parts(of file: URL) throws -> (svg: String, style: String) {
    guard let text = try? String(contentsOf: file, encoding: .utf8),
      let start = text.range(of: "<style>"), let end = text.range(of: "</style>")
    else {
      throw Failure(
        description: "\(file.path) isn't a figure with a style sheet. Weave its chapter anew.")
    }
    let svg = text[..<start.lowerBound] + text[end.upperBound...]
    return (String(svg), String(text[start.upperBound..<end.lowerBound]))
  }
}

extension StringProtocol {
  /// The text as HTML shows it, also between the quotation marks of an attribute.
  var escaped: String {
    replacing(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"])
  }
}
