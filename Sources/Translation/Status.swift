/// How far a page is translated, and what is wrong with the translations.
public struct Status: Equatable, Sendable {
  /// How many messages are shown in Korean.
  public var translated = 0
  /// How many have no translation.
  public var missing = 0
  /// How many have one that somebody has to look at.
  public var fuzzy = 0
  /// What is wrong, a sentence each with the beginning of its message.
  public var faults: [String] = []

  /// Compares the messages of a page with what there is of translations.
  ///
  /// - Parameters:
  ///   - messages: of the page.
  ///   - files: the page's own and those that several pages share.
  ///   - terms: the glossary.
  public init(of messages: [Message], in files: [POFile], terms: [Term] = []) {
    var entries: [String: POFile.Entry] = [:]
    for entry in files.flatMap(\.entries)
    where !entry.isObsolete && entries[entry.id]?.translation.isEmpty ?? true {
      entries[entry.id] = entry
    }
    var seen = Set<String>()
    for message in messages where seen.insert(message.id).inserted {
      guard let entry = entries[message.id], !entry.translation.isEmpty else {
        missing += 1
        continue
      }
      if entry.isFuzzy {
        fuzzy += 1
        continue
      }
      translated += 1
      var found = Markup.faults(of: entry.translation, for: message.id)
      found += Term.faults(of: entry, terms)
      faults += found.map { "“\(message.id.prefix(60))”: \($0)" }
    }
  }

  /// Whether nothing is left to do.
  public var isComplete: Bool { missing == 0 && fuzzy == 0 && faults.isEmpty }
}
