/// A stretch of text that is translated as a whole: a heading, a paragraph, the cell of a table.
///
/// In what a program computed, numbers are no part of the message: `{1}`, `{2}` … stand for them, and their
/// values are put into its translation. So a new run with other numbers doesn't make it outdated.
public struct Message: Equatable, Sendable {
  /// What a message is, for those who translate it.
  public enum Kind: String, Sendable {
    case heading, paragraph, item, quote, cell, summary, question, answer, claim, detail, output
    case caption
    case exercise = "sentence of an exercise"
    case word = "word of the program"
  }

  /// The text by which its translation is found.
  public let id: String
  /// What `{1}`, `{2}` … stand for: numbers mostly.
  public let numbers: [String]
  /// What it is, for those who translate it.
  public let kind: Kind

  /// A message whose numbers, if it has any, are part of it.
  public init(_ text: String, _ kind: Kind) {
    (id, numbers, self.kind) = (text, [], kind)
  }

  /// A message of a program, with the values that its placeholders stand for.
  init(_ template: String, _ values: [String]) { (id, numbers, kind) = (template, values, .word) }

  /// What a program says where it has no translations at hand: whoever shows it has.
  ///
  /// `book translate` finds the calls of this in the sources, so the words stand there as they are.
  ///
  /// - Parameters:
  ///   - template: in English; `{1}`, `{2}` … stand for the values.
  ///   - values: what they stand for.
  public static func words(_ template: String, _ values: String...) -> Message {
    Message(template, values)
  }

  /// A line that a program printed; `nil` if it isn't to be read, such as what is drawn with characters.
  public init?(output line: Substring) {
    guard !line.hasPrefix(" "), !line.contains("  "),
      line.matches(of: /[A-Za-z]{2,}/).count >= 3
    else { return nil }
    self.init(computed: String(line), .output)
  }

  /// A message of which a program computed the numbers.
  public init(computed text: String, _ kind: Kind) {
    var id = ""
    var numbers: [String] = []
    var rest = text[...]
    while let match = rest.firstMatch(of: Message.number) {
      let before = text[..<match.range.lowerBound]
      if Message.isName(endingWith: before) {
        id += rest[..<match.range.upperBound]
      } else {
        let start =
          Message.signEnds(before) ? before.index(before: before.endIndex) : before.endIndex
        numbers.append(String(text[start..<match.range.upperBound]))
        id += rest[..<max(start, rest.startIndex)] + "{\(numbers.count)}"
      }
      rest = rest[match.range.upperBound...]
    }
    (self.id, self.numbers, self.kind) = (id + rest, numbers, kind)
  }

  /// `12`, `64,000`, `0.5`, `3.8e+02`, `3.3·10⁻⁹`, `10⁻⁸`, `26.5M`, without a sign.
  nonisolated(unsafe) private static let number =
    /\d+(?:,\d{3}(?!\d))*(?:\.\d+)?(?:e[-+]?\d+)?(?:(?:·10)?[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?:[kMGT](?!\w))?/

  /// Whether digits belong to the letter before them, as in `conv2d`; but for the `x` of `3x3`.
  private static func isName(endingWith text: Substring) -> Bool {
    guard let letter = text.last, letter.isLetter else { return false }
    return letter != "x" || text.dropLast().last?.isNumber != true
  }

  /// Whether a text ends in a sign, which isn't a hyphen.
  private static func signEnds(_ text: Substring) -> Bool {
    guard let sign = text.last, "-−+".contains(sign) else { return false }
    return text.dropLast().last.map { $0.isWhitespace || "([,:".contains($0) } ?? true
  }

  /// The message as it was before numbers were taken out.
  public var text: String { filled(id) ?? id }

  /// A translation with the numbers in it; `nil` if it lacks one of them or asks for one that isn't there.
  public func filled(_ translation: String) -> String? {
    guard !numbers.isEmpty else { return translation }
    var result = ""
    var seen = Set<Int>()
    var rest = translation[...]
    while let match = rest.firstMatch(of: Message.placeholder) {
      guard let number = Int(match.output.1), numbers.indices.contains(number - 1) else {
        return nil
      }
      seen.insert(number)
      result += rest[..<match.range.lowerBound] + numbers[number - 1]
      rest = rest[match.range.upperBound...]
    }
    return seen.count == numbers.count ? result + rest : nil
  }

  nonisolated(unsafe) static let placeholder = /\{(\d{1,3})\}/

  /// Whether there is something to translate: words that are neither code nor maths nor a name with a number
  /// in it (`ResNet-56`), and not in Korean already.
  public var hasWords: Bool {
    var words = id
    for aside in Markup.asides { words = words.replacing(aside, with: " ") }
    if words.contains(where: \.isHangul) { return false }
    if !words.contains(" "), words.contains(/\d/) { return false }
    return words.contains(/[A-Za-z]{2}/)
  }
}

/// A message written as a text in quotation marks, whose values `{1}`, `{2}` … stand for.
///
/// ```swift
/// let sentence: Message = "The filter reaches over \(reach) pixels, not \(kernel)."
/// sentence.id  // The filter reaches over {1} pixels, not {2}.
/// ```
extension Message: ExpressibleByStringInterpolation {
  /// What Swift collects of such a text.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var id = ""
    fileprivate var numbers: [String] = []

    /// Nothing yet.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Goes on with words.
    public mutating func appendLiteral(_ words: String) { id += words }

    /// Goes on with a value.
    public mutating func appendInterpolation<Value>(_ value: Value) {
      numbers.append("\(value)")
      id += "{\(numbers.count)}"
    }
  }

  /// Words without values.
  public init(stringLiteral words: String) { self.init(words, [String]()) }

  /// Words with values.
  public init(stringInterpolation text: StringInterpolation) { self.init(text.id, text.numbers) }
}

extension Character {
  /// Whether it is a Korean syllable or letter.
  package var isHangul: Bool {
    guard let scalar = unicodeScalars.first?.value else { return false }
    return (0xAC00...0xD7A3).contains(scalar) || (0x1100...0x11FF).contains(scalar)
      || (0x3130...0x318F).contains(scalar)
  }
}
