import Testing

@testable import Notebook

@Suite("Nesting of Swift lines")
struct SwiftNestingTests {
  private func isTopLevel(after text: String) -> Bool {
    var nesting = SwiftNesting()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      nesting.read(line)
    }
    return nesting.isTopLevel
  }

  @Test(
    "Closed brackets, strings and comments lead back to the top level",
    arguments: [
      "f(a[1], { b })", "\"(\"", "\"\\\"(\"", "// (", "/* ( /* [ */ { */", "\"\"\"\n(\"[\n\"\"\"",
      "#\"\\(a\"(\"#", "\"\\(f(\"}\"))\"", "\"\\(f(\")(\"))\"", "#\"\\#(f(1))\"#",
      "#\"\"\"\n\"\"\" (\n\"\"\"#", "",
      "\"never closed (", ")",
    ])
  func closed(text: String) {
    #expect(isTopLevel(after: text))
  }

  @Test(
    "What is still open is not the top level",
    arguments: [
      "f(", "f(\")\"", "f( // )", "/* /* */", "\"\"\"\n\"", "#\"\"\"\n\"\"\"", "{ \"\\(a)\"",
      "[/* ] */",
    ])
  func open(text: String) {
    #expect(!isTopLevel(after: text))
  }
}
