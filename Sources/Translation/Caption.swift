/// The description of a figure, as charts write it: sentences about its axes, its series, its captions.
///
/// Titles and names are messages by themselves, so that a name is translated once, and what is said of a series
/// (`from {1} at {2} to …`) is one message for all.
enum Caption {
  /// What is translated, and what stands between.
  static func parts(_ description: Substring) -> [(text: Substring, isMessage: Bool)] {
    var parts: [(text: Substring, isMessage: Bool)] = []
    for (index, sentence) in sentences(description).enumerated() {
      if index > 0 { parts.append((" ", false)) }
      let bare = sentence.last == "." ? sentence.dropLast() : sentence
      parts += self.parts(of: bare)
      parts.append((sentence[bare.endIndex...], false))
    }
    return parts
  }

  /// A full stop ends a sentence if a space follows it.
  private static func sentences(_ text: Substring) -> [Substring] {
    var sentences: [Substring] = []
    var rest = text
    while let end = rest.firstRange(of: ". ") {
      sentences.append(rest[..<rest.index(after: end.lowerBound)])
      rest = rest[end.upperBound...]
    }
    return sentences + [rest]
  }

  private static func parts(of sentence: Substring) -> [(text: Substring, isMessage: Bool)] {
    if let axis = sentence.wholeMatch(of: /(Across|Up): (.*) (from \S.* to \S.*)/) {
      return [
        (axis.output.1, true), (": ", false), (axis.output.2, true), (" ", false),
        (axis.output.3, true),
      ]
    }
    if let captions = sentence.wholeMatch(of: /(Captions): (.*)/) {
      var parts: [(text: Substring, isMessage: Bool)] = [(captions.output.1, true)]
      for (index, caption) in captions.output.2.split(separator: ", ").enumerated() {
        parts += [(index == 0 ? ": " : ", ", false), (caption, true)]
      }
      return parts
    }
    if let reference = sentence.wholeMatch(of: /(For comparison), (.*): (\S+)/) {
      return [
        (reference.output.1, true), (", ", false), (reference.output.2, true), (": ", false),
        (reference.output.3, true),
      ]
    }
    if let series = sentence.wholeMatch(of: /(.*): (from .* at .*|[−+-]?\d\S*|\d+ points?)/) {
      return [(series.output.1, true), (": ", false), (series.output.2, true)]
    }
    return [(sentence, true)]
  }
}
