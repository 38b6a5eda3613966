import Testing

@testable import book

@Suite("Comparing a kept page with the one woven now")
struct PageComparisonTests {
  private func differences(_ kept: String, _ woven: String, isExact: Bool = false) -> Int {
    PageComparison(kept: kept, woven: woven, isExact: isExact).differences.count
  }

  @Test("Equal pages agree")
  func equal() {
    #expect(differences("# 1\n\n- ✓ A claim: 3.5\n", "# 1\n\n- ✓ A claim: 3.5\n") == 0)
  }

  @Test(
    "What another rounding can't do is noticed, whatever its unit",
    arguments: [
      // Losses.
      ("- ✓ Claim: loss 0.5", "- ✓ Claim: loss 2.5"),
      (
        "| epoch | test loss |\n|---|---|\n| 1 | 0.236 |",
        "| epoch | test loss |\n|---|---|\n| 1 | 0.336 |"
      ),
      ("> the loss falls to 1.20", "> the loss falls to 1.40"),
      // Counts and parameters.
      ("| layers | 57 |", "| layers | 58 |"),
      ("- ✓ Claim: 269722, 464154", "- ✓ Claim: 269722, 464155"),
      ("- ✓ Claim: 350 right, 10 wrong", "- ✓ Claim: 349 right, 11 wrong"),
      ("```text\n[1, 56, 56, 64]\n```", "```text\n[1, 56, 56, 65]\n```"),
      ("- ✓ Claim: 64,000 steps", "- ✓ Claim: 64,001 steps"),
      (
        "![A chart. 8 images of 8 x 8 pixels](figures/a.svg)",
        "![A chart. 9 images of 8 x 8 pixels](figures/a.svg)"
      ),
      // Norms, ratios, deviations.
      ("- ✓ Claim: norm 3.8e+02 against 0.18", "- ✓ Claim: norm 7.6e+02 against 0.18"),
      ("| BN | 2.5 |\n|---|---|\n| a | 2.5 |", "| BN | 2.5 |\n|---|---|\n| a | 0.25 |"),
      (
        "| x | first |\n|---|---|\n| a | 1672 |\n| b | 0.02 |",
        "| x | first |\n|---|---|\n| a | 672 |\n| b | 0.02 |"
      ),
      (
        "![Norm. plain: from 381 at 1 to 3.3·10⁻⁹ at 55](figures/a.svg)",
        "![Norm. plain: from 381 at 1 to 3.3·10⁻⁷ at 55](figures/a.svg)"
      ),
      ("- ✓ Claim: 989 times more", "- ✓ Claim: 98 times more"),
      ("- ✓ Claim: effect -3.22", "- ✓ Claim: effect 3.22"),
      // Percentages.
      ("- ✓ Claim: error 0.1 %", "- ✓ Claim: error 9.9 %"),
      ("- ✓ Claim: 52.1 %", "- ✓ Claim: 82.1 %"),
      ("- ✓ Claim: 40.4 ± 8.9 points", "- ✓ Claim: 20.4 ± 8.9 points"),
      ("| depth | error, % |\n|---|---|\n| 8 | 1 |", "| depth | error, % |\n|---|---|\n| 8 | 11 |"),
      ("| depth | error, % |\n|---|---|\n| 8 | 1 |", "| depth | error, % |\n|---|---|\n| 9 | 1 |"),
      // Rounding errors and times.
      (
        "- ✓ Claim: largest relative difference 1e-7, allowed 1e-5",
        "- ✓ Claim: largest relative difference 6e-6, allowed 1e-5"
      ),
      ("- ✓ Claim: it took 0.43 s", "- ✓ Claim: it took 43 s"),
    ])
  func noticed(kept: String, woven: String) {
    #expect(differences(kept, woven) == 1)
  }

  @Test(
    "What another rounding may do is let pass, each unit by its own tolerance",
    arguments: [
      ("- ✓ Claim: loss 0.50", "- ✓ Claim: loss 0.53"),
      ("- ✓ Claim: loss 0.001", "- ✓ Claim: loss 0.003"),
      ("- ✓ Claim: norm 3.8e+02", "- ✓ Claim: norm 4.4e+02"),
      ("- ✓ Claim: norm 0.18", "- ✓ Claim: norm 0.21"),
      (
        "| x | first |\n|---|---|\n| a | 1672 |\n| b | 0.02 |",
        "| x | first |\n|---|---|\n| a | 1801 |\n| b | 0.03 |"
      ),
      (
        "![Norm. plain: from 381 at 1](figures/a.svg)",
        "![Norm. plain: from 402 at 1](figures/a.svg)"
      ),
      ("- ✓ Claim: error 52.1 %", "- ✓ Claim: error 61.9 %"),
      ("- ✓ Claim: error 0.1 %", "- ✓ Claim: error 1.9 %"),
      ("- ✓ Claim: 88.6 ± 1.2 %", "- ✓ Claim: 87.6 ± 2.0 %"),
      ("- ✓ Claim: at most 9 % off", "- ✓ Claim: at most 11 % off"),
      ("- ✓ Claim: largest relative difference 0", "- ✓ Claim: largest relative difference 4.2e-7"),
      ("- ✓ Claim: cosine 5e-17", "- ✓ Claim: cosine 3e-16"),
      ("- ✓ Claim: 26 times", "- ✓ Claim: 30 times"),
      ("- ✓ Claim: it took 0.43 s", "- ✓ Claim: it took 0.11 s"),
      ("- ✓ Claim: effect -3.22", "- ✓ Claim: effect -2.90"),
      ("- ✓ Claim: 0.00 ± 0.01 bumps", "- ✓ Claim: 0.01 ± 0.00 bumps"),
    ])
  func letPass(kept: String, woven: String) {
    #expect(differences(kept, woven) == 0)
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

  @Test(
    "Figures agree if they have the same elements and words, about the same numbers, and the same shape",
    arguments: [
      ("<path d=\"M10 20 L30 40.5\"/>", true), ("<path d=\"M12.5 19 L30 60\"/>", true),
      ("<path d=\"M10 20 L30 240\"/>", false), ("<path d=\"M10 20 L30 40.5 L50 60\"/>", false),
      ("<path d=\"M10 20 L30 40.5\"/><path d=\"\"/>", false), ("<circle r=\"1\"/>", false),
    ])
  func shapes(shape: String, agrees: Bool) {
    let svg = { (shape: String) in "<svg>\n<text x=\"1\">loss 0.5</text>\n\(shape)\n</svg>" }
    #expect(
      FigureComparison.agree(
        svg("<path d=\"M10 20 L30 40.5\"/>"), svg(shape), isExact: false) == agrees)
  }

  @Test("Where the line of a single seed runs isn't compared, where a mean runs is")
  func seeds() {
    let svg = { (kind: String, y: Int) in
      "<svg><path class=\"line\(kind)\" d=\"M10 20L30 \(y)\"/></svg>"
    }
    for (kind, agrees) in [(" seed blue", true), (" blue", false)] {
      #expect(FigureComparison.agree(svg(kind, 20), svg(kind, 200), isExact: false) == agrees)
      #expect(!FigureComparison.agree(svg(kind, 20), svg(kind, 200), isExact: true))
    }
    let shorter = "<svg><path class=\"line seed blue\" d=\"M10 20\"/></svg>"
    #expect(!FigureComparison.agree(svg(" seed blue", 20), shorter, isExact: false))
  }

  @Test(
    "Numbers within a figure are compared by what they measure",
    arguments: [
      ("loss 0.5", "loss 2.5", false), ("loss 0.5", "loss 0.52", true),
      ("depth 56", "depth 57", false),
      ("error 10 %", "error 12 %", true), ("a", "b", false),
      ("from 381 at 1", "from 400 at 1", true),
    ])
  func figureText(old: String, new: String, agrees: Bool) {
    let svg = { (text: String) in "<svg><desc>\(text)</desc></svg>" }
    #expect(FigureComparison.agree(svg(old), svg(new), isExact: false) == agrees)
  }

  @Test(
    "Where all processors compute the same bits, only a time may differ",
    arguments: [
      ("| loss | 0.236 |", "| loss | 0.237 |", 1), ("error 10.0 %", "error 10.1 %", 1),
      ("- ✓ Claim: a norm of 3.51", "- ✓ Claim: a norm of 3.52", 1),
      ("- ✓ Claim: difference 2e-07", "- ✓ Claim: difference 3e-07", 1),
      ("- ✓ Claim: in 3.5 s", "- ✓ Claim: in 7.1 s", 0),
    ])
  func exact(kept: String, woven: String, expected: Int) {
    #expect(differences(kept, woven, isExact: true) == expected)
    let svg = { (text: String) in "<svg><path d=\"M10 \(text)\"/></svg>" }
    #expect(!FigureComparison.agree(svg("20"), svg("21"), isExact: true))
    #expect(FigureComparison.agree(svg("20"), svg("20"), isExact: true))
  }
}
