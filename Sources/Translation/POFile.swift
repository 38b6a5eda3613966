/// A file of translations in the format of GNU gettext, as Poedit, Weblate and `msgfmt` read it.
///
/// ```po
/// #. paragraph
/// #, fuzzy
/// #| msgid "A layer and its input."
/// msgid "A layer, its input and its output."
/// msgstr "층과 그 입력."
/// ```
///
/// What is written reads back as it was. A string stands on one line, whatever its length; read are those
/// of several lines too. Plural forms aren't, because nothing here has any.
///
/// - SeeAlso: GNU gettext manual, section "The Format of PO Files".
public struct POFile: Equatable, Sendable {
  /// A message and its translation.
  public struct Entry: Equatable, Sendable {
    /// What translators say to each other (`# …`).
    public var remarks: [String] = []
    /// What the message is (`#. …`): ``Message/Kind`` by its name.
    public var comments: [String] = []
    /// Where it is (`#: …`).
    public var references: [String] = []
    /// `fuzzy`, if somebody has to look at the translation; formats, if the message has placeholders.
    public var flags: [String] = []
    /// The message that the translation was made for, if it is another one by now (`#| msgid`).
    public var previous: String?
    /// What tells two messages of the same words apart, if anything does.
    public var context: String?
    /// The message in English; empty for the file's header.
    public var id: String
    /// The translation; empty as long as there is none.
    public var translation: String
    /// Whether the message is gone from its page, and its translation kept in case it comes back (`#~`).
    public var isObsolete = false

    /// Describes a message.
    public init(_ id: String, _ translation: String = "") {
      self.id = id
      self.translation = translation
    }

    /// Whether somebody has to look at the translation before it is shown.
    public var isFuzzy: Bool { flags.contains("fuzzy") }
  }

  /// The header: its translation has a line `Name: value` for each field.
  public var header: Entry?
  /// The messages, in the order of the file.
  public var entries: [Entry]

  /// A file of some messages.
  public init(header: Entry? = nil, entries: [Entry] = []) {
    self.header = header
    self.entries = entries
  }

  /// The header of a new file of Korean translations.
  public static let koreanHeader = Entry(
    "",
    """
    Project-Id-Version: ResNet by Hand
    Language: ko
    MIME-Version: 1.0
    Content-Type: text/plain; charset=UTF-8
    Content-Transfer-Encoding: 8bit
    Plural-Forms: nplurals=1; plural=0;

    """)

  /// Reads a file.
  ///
  /// - Parameter bytes: in UTF-8.
  /// - Throws: `POError`, which says in which line something can't be read.
  public init(_ bytes: some Sequence<UInt8>) throws(POError) {
    let bytes = Array(bytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      var line = 1
      for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        if String(validating: part, as: UTF8.self) == nil { break }
        line += 1
      }
      throw POError(line, "it isn't in UTF-8: save it with this encoding")
    }
    try self.init(text)
  }

  /// Reads a file.
  ///
  /// - Parameter text: its text.
  /// - Throws: `POError`, which says in which line something can't be read.
  public init(_ text: String) throws(POError) {
    var reader = POReader()
    // By scalars: "\r\n" is one character.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Substring($0.last == "\r" ? $0.dropLast() : $0) }
    if let first = lines.first, first.unicodeScalars.first == "\u{FEFF}" {
      lines[0] = Substring(first.unicodeScalars.dropFirst())
    }
    for line in lines { try reader.read(line) }
    try reader.endEntry()
    (header, entries) = (reader.header, reader.entries)
  }

  /// The file's text.
  public var text: String {
    ((header.map { [$0] } ?? []) + entries).map(\.text).joined(separator: "\n")
  }
}

/// Why a file of translations can't be read.
public struct POError: Error, Equatable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// What is wrong with it, and what to do.
  public let reason: String

  init(_ line: Int, _ reason: String) {
    self.line = line
    self.reason = reason
  }

  /// A sentence without its full stop: where and why.
  public var description: String { "line \(line): \(reason)" }
}

extension POFile.Entry {
  fileprivate var text: String {
    var lines = remarks.map { $0.isEmpty ? "#" : "# " + $0 }
    lines += comments.map { "#. " + $0 }
    lines += references.map { "#: " + $0 }
    if !flags.isEmpty { lines.append("#, " + flags.joined(separator: ", ")) }
    if let previous { lines.append((isObsolete ? "#~| " : "#| ") + "msgid " + quoted(previous)) }
    let mark = isObsolete ? "#~ " : ""
    if let context { lines.append(mark + "msgctxt " + quoted(context)) }
    lines.append(mark + "msgid " + quoted(id))
    if id.isEmpty {
      // The header has a line for each field.
      lines.append("msgstr \"\"")
      lines += translation.split(separator: "\n").map { quoted($0 + "\n") }
    } else {
      lines.append(mark + "msgstr " + quoted(translation))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Reads a file of translations line by line.
private struct POReader {
  var header: POFile.Entry?
  var entries: [POFile.Entry] = []

  /// What a string on a line of its own goes on.
  private enum Field { case previous, previousContext, context, id, translation }

  private var line = 0
  private var entry = POFile.Entry("")
  /// Lines on which the parts of the present entry began.
  private var contextLine: Int?
  private var idLine: Int?
  private var translationLine: Int?
  private var field: Field?
  private var known: [String: Int] = [:]

  mutating func read(_ text: Substring) throws(POError) {
    line += 1
    let text = text.trimmingSpaces
    if text.isEmpty {
      field = nil
      if translationLine != nil { try endEntry() }
    } else if text.hasPrefix("#~|") {
      try readPrevious(text.dropFirst(3).trimmingSpaces)
    } else if text.hasPrefix("#~") {
      try readString(text.dropFirst(2).trimmingSpaces, isObsolete: true)
    } else if text.hasPrefix("#|") {
      try readPrevious(text.dropFirst(2).trimmingSpaces)
    } else if text.hasPrefix("#") {
      if translationLine != nil { try endEntry() }
      field = nil
      readComment(text.dropFirst())
    } else {
      try readString(text, isObsolete: false)
    }
  }

  private mutating func readComment(_ text: Substring) {
    let rest = text.dropFirst().trimmingSpaces
    switch text.first {
    case ".": entry.comments.append(String(rest))
    case ":": entry.references.append(String(rest))
    case ",":
      entry.flags += rest.split(separator: ",").map { String($0.trimmingSpaces) }
    default: entry.remarks.append(String(text.first == " " ? text.dropFirst() : text))
    }
  }

  private mutating func readPrevious(_ text: Substring) throws(POError) {
    if translationLine != nil { try endEntry() }
    if let rest = text.after("msgid ") {
      field = .previous
      entry.previous = try string(rest)
    } else if let rest = text.after("msgctxt ") {
      field = .previousContext
      _ = try string(rest)
    } else {
      try append(string(text))
    }
  }

  private mutating func readString(_ text: Substring, isObsolete: Bool) throws(POError) {
    if let rest = text.after("msgctxt ") {
      if translationLine != nil { try endEntry() }
      (field, contextLine) = (.context, line)
      entry.context = try string(rest)
      entry.isObsolete = isObsolete
    } else if text.hasPrefix("msgid_plural") || text.hasPrefix("msgstr[") {
      throw POError(line, "plural forms aren't read here: write one msgid and one msgstr")
    } else if let rest = text.after("msgid ") {
      if translationLine != nil { try endEntry() }
      if let idLine {
        throw POError(line, "a second msgid; that of line \(idLine) has no msgstr yet")
      }
      (field, idLine) = (.id, line)
      entry.id = try string(rest)
      entry.isObsolete = isObsolete
    } else if let rest = text.after("msgstr ") {
      guard idLine != nil else { throw POError(line, "a msgstr without a msgid above it") }
      if let translationLine {
        throw POError(line, "a second msgstr; the first is in line \(translationLine)")
      }
      (field, translationLine) = (.translation, line)
      entry.translation = try string(rest)
    } else if text.hasPrefix("\"") {
      try append(string(text))
    } else {
      throw POError(
        line,
        "'\(text.prefix(40))' isn't a comment (#), msgid, msgstr or a string in quotation marks")
    }
  }

  private mutating func append(_ text: String) throws(POError) {
    switch field {
    case .previous: entry.previous! += text
    case .previousContext: break
    case .context: entry.context! += text
    case .id: entry.id += text
    case .translation: entry.translation += text
    case nil: throw POError(line, "a string that belongs to no msgid and no msgstr")
    }
  }

  mutating func endEntry() throws(POError) {
    defer {
      entry = POFile.Entry("")
      (contextLine, idLine, translationLine, field) = (nil, nil, nil, nil)
    }
    guard let idLine else {
      if let contextLine {
        throw POError(contextLine, "a msgctxt without a msgid below it")
      }
      return
    }
    guard translationLine != nil else {
      throw POError(idLine, "a msgid without a msgstr below it")
    }
    if entry.id.isEmpty, entry.context == nil {
      if entry.isObsolete { return }
      if header != nil || !entries.isEmpty {
        throw POError(idLine, "an empty msgid, which is for the header at the top of the file")
      }
      let charset = entry.translation.lowercased()
      if charset.contains("charset="), !charset.contains("charset=utf-8") {
        throw POError(idLine, "its charset has to be UTF-8: save it with this encoding")
      }
      header = entry
      return
    }
    if !entry.isObsolete {
      let key = (entry.context ?? "") + "\u{4}" + entry.id
      if let other = known[key] {
        throw POError(idLine, "the same msgid as in line \(other): leave one of them")
      }
      known[key] = idLine
    }
    entries.append(entry)
  }

  /// What stands between quotation marks.
  private func string(_ text: Substring) throws(POError) -> String {
    var rest = text.trimmingSpaces.unicodeScalars
    guard rest.popFirst() == "\"" else {
      throw POError(line, "a string begins with a quotation mark, not with '\(text.prefix(20))'")
    }
    var result = ""
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"":
        guard rest.isEmpty else {
          throw POError(
            line,
            "behind the string stands '\(Substring(rest).prefix(20))'; a quotation mark in it is \\\""
          )
        }
        return result
      case "\\":
        switch rest.popFirst() {
        case "n": result += "\n"
        case "t": result += "\t"
        case "r": result += "\r"
        case "\"": result += "\""
        case "\\": result += "\\"
        case let other:
          let name = other.map { String($0) } ?? ""
          throw POError(
            line, "'\\\(name)' is none of \\n, \\t, \\r, \\\" and \\\\; a backslash is \\\\")
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    throw POError(line, "the string has no quotation mark at its end")
  }
}

extension Substring {
  /// The text without spaces and tabs around it.
  var trimmingSpaces: Substring {
    var text = self.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  /// What stands behind a beginning that this text has.
  fileprivate func after(_ beginning: String) -> Substring? {
    if hasPrefix(beginning) { return dropFirst(beginning.count) }
    // `msgid"…"` is read by gettext, too.
    let word = beginning.dropLast()
    return hasPrefix(word + "\"") ? dropFirst(word.count) : nil
  }
}
