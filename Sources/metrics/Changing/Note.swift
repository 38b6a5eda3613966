import ArgumentParser
import Commands
import Files
import RunStore

/// `metrics note`: what somebody wants to remember of a run.
struct Note: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Notes something about a run, in place of what was noted before.",
    discussion: """
        metrics note latest "the first without warm-up"

      An empty text takes the note away.
      """)

  @Argument(help: RunName.help)
  var chosen: RunName

  @Argument(help: "What to note.")
  var text: String

  @OptionGroup var options: StoreOptions

  func validate() throws { try requireLength(text, atMost: RunStore.longestText, "a note") }

  func run() throws {
    let (store, run) = try options.openToChange(chosen)
    try store.note(text, about: run.id)
    try options.confirm(
      run, text.isEmpty ? "has no note any more" : "has the note", ["note": .text(text)])
  }
}

/// `metrics rename`: a name for a run.
struct Rename: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives a run a name, by which every command finds it.",
    discussion: """
        metrics rename latest baseline

      An empty name takes the name away.
      """)

  @Argument(help: RunName.help)
  var chosen: RunName

  @Argument(help: "The name.")
  var name: String

  @OptionGroup var options: StoreOptions

  func validate() throws {
    if name.allSatisfy({ $0.isHexDigit || $0 == "-" }), !name.isEmpty {
      throw ValidationError("'\(name)' would be taken for the beginning of an id.")
    }
    if name == "latest" || name.hasPrefix("latest~") {
      throw ValidationError("'\(name)' is the newest run, or one before it.")
    }
    try requireOneLine(name, "a name")
  }

  func run() throws {
    let (store, run) = try options.openToChange(chosen)
    try store.rename(run.id, to: name)
    try options.confirm(
      run, name.isEmpty ? "has no name any more" : "is called '\(name)'", ["name": .text(name)])
  }
}

/// `metrics tag`: words by which runs are found again.
struct Tag: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gives a run tags, by which --tag finds it.",
    discussion: """
        metrics tag latest keep figure-6
        metrics tag latest keep --remove
      """)

  @Argument(help: RunName.help)
  var chosen: RunName

  @Argument(help: "The tags.")
  var tags: [String]

  @Flag(help: "Take the tags off the run.")
  var remove = false

  @OptionGroup var options: StoreOptions

  func validate() throws {
    for tag in tags {
      if tag.isEmpty { throw ValidationError("A tag is a word, and one of these is empty.") }
      try requireOneLine(tag, "a tag")
    }
  }

  func run() throws {
    let (store, run) = try options.openToChange(chosen)
    if remove {
      let removed = try store.remove(tags: tags, from: run.id)
      for tag in tags where !removed.contains(tag) {
        tell("The run \(run.shortID) had no tag '\(tag)'.")
      }
    } else {
      try store.add(tags: tags, to: run.id)
    }
    let now = try store.details(of: run).tags
    try options.confirm(
      run, now.isEmpty ? "has no tags" : "has the tags \(now.joined(separator: ", "))",
      ["tags": .array(now.map(JSON.text))])
  }
}

/// Refuses what would break the lines of a table, or is too long.
private func requireOneLine(_ text: String, _ what: String) throws {
  if text.contains(where: \.isNewline) {
    throw ValidationError("The text of \(what) stands on one line.")
  }
  try requireLength(text, atMost: RunStore.longestName, what)
}

/// Refuses what would be taken for forged when the store is merged.
private func requireLength(_ text: String, atMost most: Int, _ what: String) throws {
  let count = text.unicodeScalars.count
  guard count <= most else {
    throw ValidationError("The text of \(what) has at most \(most) characters, not \(count).")
  }
}

extension StoreOptions {
  /// Says what is so now: in a sentence, or as JSON with the run's id.
  fileprivate func confirm(_ run: Run, _ sentence: String, _ members: JSON) throws {
    guard json, case .object(let values) = members else {
      try printLine("The run \(run.shortID) \(sentence).".visible)
      return
    }
    try printLine(JSON.object([(name: "run", value: .text(run.id))] + values).page)
  }
}
