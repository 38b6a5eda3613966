import Foundation

/// A value of the JSON in which pandoc gives and takes a document. A block or an inline is an object with a kind
/// `t` and a content `c`; ``Element`` reads and makes those.
enum JSON: Equatable {
  case text(String)
  case number(Double)
  case list([JSON])
  case object([String: JSON])
  case null

  init(_ value: Any) {
    switch value {
    case let text as String: self = .text(text)
    case let number as NSNumber: self = .number(number.doubleValue)
    case let list as [Any]: self = .list(list.map(JSON.init))
    case let object as [String: Any]: self = .object(object.mapValues(JSON.init))
    default: self = .null
    }
  }

  /// The value as `JSONSerialization` takes it.
  var value: Any {
    switch self {
    case .text(let text): text
    // A level or a start is a whole number, and pandoc wants it written as one.
    case .number(let number): Int(exactly: number).map { $0 as Any } ?? number
    case .list(let list): list.map(\.value)
    case .object(let object): object.mapValues(\.value)
    case .null: NSNull()
    }
  }

  var list: [JSON] { if case .list(let list) = self { list } else { [] } }
  var string: String { if case .text(let text) = self { text } else { "" } }
}

// Blocks and inlines.
extension JSON {
  /// A block or an inline.
  static func element(_ kind: String, _ content: JSON? = nil) -> JSON {
    var object = ["t": JSON.text(kind)]
    if let content { object["c"] = content }
    return .object(object)
  }

  /// HTML that stands as it is between blocks.
  static func html(_ html: String) -> JSON {
    .element("RawBlock", .list([.text("html"), .text(html)]))
  }

  /// HTML that stands as it is in a line.
  static func inlineHTML(_ html: String) -> JSON {
    .element("RawInline", .list([.text("html"), .text(html)]))
  }

  static func words(_ text: String) -> JSON { .element("Str", .text(text)) }

  /// `Para`, `Str` and so on; nil for what is neither a block nor an inline.
  var kind: String? { if case .object(let object) = self { object["t"]?.string } else { nil } }

  /// What it holds.
  var content: JSON { if case .object(let object) = self { object["c"] ?? .null } else { .null } }

  /// The text of raw HTML, or nil.
  var rawHTML: String? {
    guard kind == "RawBlock" || kind == "RawInline", content.list[0].string == "html" else {
      return nil
    }
    return content.list[1].string
  }

  /// All that can be read in it, without formatting; a formula as it was typed.
  var plainText: String {
    switch kind {
    case "Str": content.string
    case "Space", "SoftBreak", "LineBreak": " "
    case "Code", "CodeBlock": content.list[1].string
    case "Math": Maths.text(content.list[1].string)
    case "RawBlock", "RawInline": ""
    case "Link", "Span": content.list[1].plainText
    case "Image": ""
    case "Quoted": "\u{201C}" + content.list[1].plainText + "\u{201D}"
    case .some: content.plainText
    case nil:
      switch self {
      case .list(let list):
        list.map(\.plainText).joined(separator: list.contains { $0.isBlock } ? " " : "")
      default: ""
      }
    }
  }

  /// Whether texts of neighbours have to be kept apart.
  private var isBlock: Bool {
    switch kind {
    case nil: if case .list = self { true } else { false }
    case "Para", "Plain", "Header", "CodeBlock", "BulletList", "OrderedList", "Table", "BlockQuote":
      true
    default: false
    }
  }

  /// The value with every block and inline replaced by what `change` makes of it, from the inside out.
  func replacing(_ change: (JSON) -> [JSON]) -> JSON {
    switch self {
    case .list(let list):
      return .list(
        list.flatMap { element in
          let inner = element.replacing(change)
          return inner.kind == nil ? [inner] : change(inner)
        })
    case .object(var object):
      if let content = object["c"] { object["c"] = content.replacing(change) }
      return .object(object)
    default: return self
    }
  }
}
