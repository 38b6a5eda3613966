/// Translations of messages, from one or several files.
public struct Catalog: Sendable {
  private var translations: [String: String] = [:]
  /// The claims among the messages, as a page's checks begin with them.
  public private(set) var claims: [String] = []

  /// A catalog of the translations that can be shown: those that are empty or fuzzy can't.
  ///
  /// - Parameter files: if several translate a message, the first one's is taken.
  public init(_ files: [POFile] = []) {
    for entry in files.flatMap(\.entries) where !entry.isObsolete {
      if entry.comments.contains(Message.Kind.claim.rawValue) { claims.append(entry.id) }
      if !entry.translation.isEmpty, !entry.isFuzzy, translations[entry.id] == nil {
        translations[entry.id] = entry.translation
      }
    }
  }

  /// Whether there is nothing in it.
  public var isEmpty: Bool { translations.isEmpty }

  /// The translation of a message; `nil` if there is none to be shown.
  public subscript(id: String) -> String? { translations[id] }

  /// A message in the catalog's language, with the numbers of this run; `nil` if there is no translation,
  /// or one whose placeholders aren't those of the message.
  public subscript(message: Message) -> String? {
    self[message.id].flatMap(message.filled)
  }

  /// What a program says, in the catalog's language if it has it.
  ///
  /// `book translate` finds the calls of this in the sources, so the words stand there as they are.
  ///
  /// - Parameters:
  ///   - template: in English; `{1}`, `{2}` … stand for the values.
  ///   - values: what they stand for.
  public func words(_ template: String, _ values: String...) -> String {
    words(template, values)
  }

  /// What a program says, in the catalog's language if it has it.
  public func words(_ template: String, _ values: [String]) -> String {
    text(of: Message(template, values))
  }

  /// A message in the catalog's language if it has it, in English if it hasn't.
  public func text(of message: Message) -> String { self[message] ?? message.text }
}
