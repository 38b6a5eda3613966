extension POFile {
  /// The file for a page as it is now, with all translations that still serve.
  ///
  /// A message that is still there keeps its entry. A new one gets the translation of the most similar message
  /// that is gone, marked as fuzzy, with that message beside it; or none. Translations of what is gone stay at
  /// the end of the file, as obsolete.
  ///
  /// - Parameters:
  ///   - messages: of the page, in reading order; one that occurs twice is written once.
  ///   - elsewhere: entries of other pages, whose translations serve messages that moved.
  public func updated(with messages: [Message], elsewhere: [String: Entry] = [:]) -> POFile {
    var known: [String: Entry] = [:]
    for entry in entries where known[entry.id]?.isObsolete ?? true { known[entry.id] = entry }
    let wanted = Set(messages.map(\.id))
    var gone = known.values.filter { !wanted.contains($0.id) && !$0.translation.isEmpty }
      .sorted { $0.id < $1.id }
    var seen = Set<String>()
    var result: [Entry] = []
    var served = Set<String>()
    for message in messages where seen.insert(message.id).inserted {
      var entry = Entry(message.id)
      if let old = known[message.id], !old.translation.isEmpty || elsewhere[message.id] == nil {
        entry = old
      } else if let other = elsewhere[message.id] {
        entry = other
      } else if let old = Self.nearest(to: message.id, among: gone) {
        entry.remarks = old.remarks
        entry.translation = old.translation
        entry.previous = old.previous ?? old.id
        entry.flags = ["fuzzy"]
        served.insert(old.id)
        gone.removeAll { $0.id == old.id }
      }
      entry.isObsolete = false
      entry.comments = [message.kind.rawValue]
      entry.flags =
        (entry.isFuzzy ? ["fuzzy"] : []) + (message.isFormat ? ["python-brace-format"] : [])
      result.append(entry)
    }
    for entry in entries where !wanted.contains(entry.id) && !entry.translation.isEmpty {
      guard !served.contains(entry.id), seen.insert(entry.id).inserted else { continue }
      var old = entry
      old.isObsolete = true
      old.comments = []
      old.references = []
      old.flags = old.isFuzzy ? ["fuzzy"] : []
      result.append(old)
    }
    return POFile(header: header ?? Self.koreanHeader, entries: result)
  }

  /// The message with most words in common, if it has most of them.
  private static func nearest(to id: String, among entries: [Entry]) -> Entry? {
    let words = id.split(separator: " ")
    var best: (likeness: Double, entry: Entry)?
    for entry in entries {
      let likeness = likeness(words, entry.id.split(separator: " "))
      if likeness >= 0.6, likeness > best?.likeness ?? 0 { best = (likeness, entry) }
    }
    return best?.entry
  }

  /// Twice the length of the longest common subsequence, by the words of both.
  private static func likeness(_ left: [Substring], _ right: [Substring]) -> Double {
    let total = left.count + right.count
    guard 2 * min(left.count, right.count) >= 6 * total / 10 else { return 0 }
    var row = [Int](repeating: 0, count: right.count + 1)
    for word in left {
      var diagonal = 0
      for (index, other) in right.enumerated() {
        let above = row[index + 1]
        row[index + 1] = word == other ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return 2 * Double(row[right.count]) / Double(total)
  }
}

extension Message {
  /// Whether gettext's own tools can compare the placeholders of a translation.
  fileprivate var isFormat: Bool {
    !numbers.isEmpty && id.count { $0 == "{" } == numbers.count
  }
}
