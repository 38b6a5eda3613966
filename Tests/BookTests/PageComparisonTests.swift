import Testing

@testable import book

@Suite("Comparing a kept page with the one woven now")
struct PageComparisonTests {
  private func differences(_ kept: String, _ woven: String) -> Int {
    PageComparison(kept: kept, woven: woven).differences.count
  }

  @Test("Equal pages agree")
  func equal() {
    #expect(differences("# 1\n\n- ✓ A claim: 3.5\n", "# 1\n\n- ✓ A claim: 3.5\n") == 0)
  }

  @Test(
    "Computed numbers may differ by a quarter, or by ten",
    arguments: [
      ("- ✓ Claim: error 52.1 %", "- ✓ Claim: error 61.9 %", 0),
      ("- ✓ Claim: error 0.1 %", "- ✓ Claim: error 9.9 %", 0),
      ("- ✓ Claim: error 52.1 %", "- ✓ Claim: error 82.1 %", 1),
      ("| count | 1000", "| count | 1200", 0),
      ("| count | 1000", "| count | 2000", 1),
    ])
  func numbers(kept: String, woven: String, expected: Int) {
    #expect(differences(kept, woven) == expected)
  }

  @Test(
    "Another word, verdict, line or number of numbers is a difference",
    arguments: [
      ("a claim", "another claim"), ("- ✓ It holds: 1", "- ✗ It holds: 1"), ("a\nb", "a"),
      ("in 3 layers", "in 4 layers"),
      ("```swift\nlet n = 3\n```", "```swift\nlet n = 4\n```"),
      ("values 1 2", "values 1 2 3"), ("norm 1.5", "norm nan"),
    ])
  func words(kept: String, woven: String) {
    #expect(differences(kept, woven) > 0)
  }

  @Test("What is marked as measured only has to be there")
  func measured() {
    let page = { (text: String) in "It took <!-- measured -->\(text)<!-- /measured --> in all." }
    #expect(differences(page("3.2 ms"), page("a\nb\n4 s")) == 0)
    #expect(differences(page("3.2 ms"), "It took in all.") > 0)
    #expect(differences(page("3.2 ms"), page("3.2 ms") + "more") > 0)
  }
}
