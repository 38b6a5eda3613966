/// Formulas as the pages have them, which a forge shows, and as pandoc takes them.
enum Maths {
  /// A block as pandoc takes it: a fence ```` ```math ```` becomes a displayed formula, and the backticks of
  /// ``$`x`$`` go, which pandoc reads as a part of the formula.
  static func forPandoc(_ element: JSON) -> JSON {
    switch element.kind {
    case "CodeBlock" where element.content.list[0].list[1].list.first == .text("math"):
      let formula = JSON.list([.element("DisplayMath"), element.content.list[1]])
      return .element("Para", .list([.element("Math", formula)]))
    case "Math":
      let formula = element.content.list[1].string
      guard formula.count > 2, formula.hasPrefix("`"), formula.hasSuffix("`") else {
        return element
      }
      return .element(
        "Math", .list([element.content.list[0], .text(String(formula.dropFirst().dropLast()))]))
    default: return element
    }
  }

  /// Brackets of formulas as tall as a letter, as TeX sets them without `\\left`: pandoc lets all of them grow.
  static func withPlainBrackets(_ html: String) -> String {
    html.replacing(/<math (?s).*?<\/math>/) { formula in
      formula.0.contains("\\left")
        ? String(formula.0)
        : String(formula.0).replacing("stretchy=\"true\" form=", with: "stretchy=\"false\" form=")
    }
  }

  /// A formula in a line of plain text, for search.
  static func text(_ formula: String) -> String {
    let signs = [
      #"\gamma"#: "γ", #"\beta"#: "β", #"\mathcal"#: "", #"\cdot"#: "·", #"\hat"#: "",
      #"\times"#: "×",
      #"\pi"#: "π", #"\sigma"#: "σ", #"\mu"#: "μ", #"\varepsilon"#: "ε", #"\approx"#: "≈",
    ]
    return signs.reduce(formula) { $0.replacing($1.key, with: $1.value) }
      .filter { !"{}\\".contains($0) }
  }

  /// How many formulas a page's Markdown has: fences, and pairs of dollars outside of code.
  static func count(in markdown: String) -> Int {
    let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
    var (fences, fence, prose) = (0, "", "")
    for line in lines {
      let marks = line.prefix { $0 == "`" }
      if fence.isEmpty, marks.count >= 3 {
        fence = String(marks)
        if line.dropFirst(marks.count) == "math" { fences += 1 }
      } else if !fence.isEmpty {
        if line == fence { fence = "" }
      } else if !line.hasPrefix("    ") {
        prose += line + "\n"
      }
    }
    return fences + prose.matches(of: /\$`[^`]+`\$/).count
      + prose.replacing(/\$`[^`]+`\$/, with: "").replacing(/`[^`\n]*`/, with: "")
      .matches(of: /\$[^\s$](?:(?:[^$\n]|\n(?!\n))*[^\s$])?\$/).count
  }
}
