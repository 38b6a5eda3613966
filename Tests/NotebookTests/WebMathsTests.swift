import Testing

@testable import Notebook

@Suite("Formulas on a web forge")
struct WebMathsTests {
  @Test(
    "A formula within text is written so that Markdown leaves its backslashes and underscores",
    arguments: [
      ("$x_{n,\\, i}$ and $y_i$", "$`x_{n,\\, i}`$ and $`y_i`$"),
      ("the set $\\{W_i\\}$,", "the set $`\\{W_i\\}`$,"),
      ("| $a_1$ | `$b$` | $\\lVert x \\rVert$ |", "| $`a_1`$ | `$b$` | $`\\lVert x \\rVert`$ |"),
      ("| a |\n|---|\n| $p \\| q$ |", "| a |\n|---|\n| $`p \\| q`$ |"),
      ("- $a * b$\n- $c * d$", "- $`a * b`$\n- $`c * d`$"),
      ("1. $a$\n   $b$", "1. $`a`$\n   $`b`$"),
      ("# Why $6n + 2$?", "# Why $`6n + 2`$?"),
      ("**bold $x_1$** and *$y_1$*", "**bold $`x_1`$** and *$`y_1`$*"),
      ("[rule $n_l$](a_b.md) of <b>$x$</b>", "[rule $`n_l`$](a_b.md) of <b>$`x`$</b>"),
      ("> $x_1$", "> $`x_1`$"),
      ("$3 \\cdot$ `channels` numbers", "$`3 \\cdot`$ `channels` numbers"),
      ("over two $a +\nb$ lines", "over two $`a +\nb`$ lines"),
      ("$\\text{`a'}$", "$`\\text{‘a'}`$"),
      ("$`x_1`$", "$`x_1`$"),
      ("$$a_1$$ inline: $$b_1$$", "```math\na_1\n```\n inline: $`b_1`$"),
    ])
  func inline(source: String, woven: String) {
    #expect(WebMaths.markdown(source) == woven)
  }

  @Test(
    "A formula that stands alone becomes a fence, wherever it stands",
    arguments: [
      ("Text\n$$\n\\frac{a}{b}\\,\n$$\nmore", "Text\n```math\n\\frac{a}{b}\\,\n```\nmore"),
      ("$$a_1 =\nb_1$$", "```math\na_1 =\nb_1\n```"),
      ("- item\n\n  $$a\n  b$$\n- next", "- item\n\n  ```math\n  a\n  b\n  ```\n- next"),
      ("- $$a$$", "- ```math\n  a\n  ```"),
      ("> $$a$$\n> b", "> ```math\n> a\n> ```\n> b"),
    ])
  func display(source: String, woven: String) {
    #expect(WebMaths.markdown(source) == woven)
  }

  @Test(
    "What isn't maths stays what it was, and no forge takes it for maths",
    arguments: [
      ("costs $5, or $6", "costs \\$5, or \\$6"), ("($5 or more ($6))", "(\\$5 or more (\\$6))"),
      ("`$HOME` and ``a ` $b$``", "`$HOME` and ``a ` $b$``"), ("\\$x\\$", "\\$x\\$"),
      ("```\n$a$ \\$\n```\n$b$", "```\n$a$ \\$\n```\n$`b`$"),
      ("```swift\nlet a = \"$0\"\n```", "```swift\nlet a = \"$0\"\n```"),
      ("$ a $", "\\$ a \\$"), ("one $ only", "one \\$ only"), ("<!-- $a$ -->", "<!-- $a$ -->"),
      ("| $5 | $6 |", "| \\$5 | \\$6 |"), ("a $x\n\ny$", "a \\$x\n\ny\\$"),
    ])
  func others(source: String, woven: String) {
    #expect(WebMaths.markdown(source) == woven)
  }

  @Test("The terminal reads the same formulas: neither prices nor code")
  func terminal() {
    let read = { InlineMarkdown(keepsMarks: false).read($0).plain }
    #expect(read("$x_1$ and $`x_1`$") == "x₁ and x₁")
    #expect(read("costs $5 or more ($6)") == "costs $5 or more ($6)")
    #expect(read("*a $5 b* c") == "a $5 b c")
    #expect(read("`$x_1$`") == "$x_1$")
  }

  @Test("Claims, questions and answers are written for a forge too")
  func blocks() {
    let check = Check(claim: "And $\\gamma$", passed: true, measured: "$1", isVolatile: false)
    let prediction = Prediction(question: "Is $x_1$?", choices: ["$a$", "$b$"], answer: nil)
    #expect(
      MarkdownPage([.check(check), .prediction(prediction)]).text
        == "- ✓ And $`\\gamma`$: \\$1\n\n**Predict.** Is $`x_1`$?\n\n1. $`a`$\n2. $`b`$\n")
  }
}
