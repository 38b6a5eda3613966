extension StringProtocol {
  /// The text with words in place of some of its scalars, such as the quotation marks within a quotation.
  ///
  /// Scalars, not characters: with an accent over it a quotation mark is another character, and whoever reads
  /// the file sees that the quotation ends.
  public func replacing(_ words: [Unicode.Scalar: String]) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let word = words[scalar] {
        text.append(contentsOf: word.unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
