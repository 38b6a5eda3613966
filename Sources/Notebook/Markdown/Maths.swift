/// TeX maths as readable Unicode, for the terminal: `$\mathcal{F}(x) + x_l^2$` becomes `ℱ(x) + xₗ²`.
///
/// It covers what a chapter's prose needs: Greek, common operators, fractions, roots, sub- and
/// superscripts. An unknown command shows its name; anything else stays as it was written.
struct Maths {
  private var rest: Substring

  /// The readable form of what stands between the dollar signs.
  static func readable(_ tex: String) -> String {
    var maths = Maths(rest: Substring(tex))
    var text = ""
    while !maths.rest.isEmpty { text += maths.readAtom() }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The formula between the dollars that begin here, one or two on each side, and where it ends.
  ///
  /// As in pandoc, a formula neither begins nor ends with a space, and what follows it isn't a digit:
  /// "$5 or more ($6)" is none. `` $`…`$ `` is the way of web forges to write the same.
  static func formula(at rest: Substring) -> (tex: String, end: Substring.Index)? {
    let dollars = rest.hasPrefix("$$") ? "$$" : "$"
    let inner = rest.dropFirst(dollars.count)
    guard let first = inner.first, !first.isWhitespace else { return nil }
    var index = inner.startIndex
    while index < inner.endIndex, !inner[index...].hasPrefix(dollars) {
      if inner[index] == "\\" { index = inner.index(after: index) }
      if index < inner.endIndex { index = inner.index(after: index) }
    }
    let tex = inner[..<index]
    guard index < inner.endIndex, let last = tex.last, !last.isWhitespace else { return nil }
    let after = inner[index...].dropFirst(dollars.count)
    if after.first?.isNumber == true { return nil }
    let isQuoted = tex.count > 2 && tex.first == "`" && tex.last == "`"
    return (String(isQuoted ? tex.dropFirst().dropLast() : tex), after.startIndex)
  }

  /// Reads one character, group, command or script.
  private mutating func readAtom() -> String {
    guard let first = rest.popFirst() else { return "" }
    switch first {
    case "\\": return readCommand()
    case "{": return readGroup()
    case "^": return script(readAtom(), from: Maths.superscripts, mark: "^")
    case "_": return script(readAtom(), from: Maths.subscripts, mark: "_")
    case "-": return "−"
    case "~": return " "
    case "&": return ""
    default: return String(first)
    }
  }

  /// Reads up to the brace that closes a group whose opening brace was read.
  private mutating func readGroup() -> String {
    var text = ""
    while let next = rest.first, next != "}" { text += readAtom() }
    _ = rest.popFirst()
    return text
  }

  private mutating func readArgument() -> String {
    rest = rest.drop(while: \.isWhitespace)
    return readAtom()
  }

  private mutating func readCommand() -> String {
    let name = String(rest.prefix(while: \.isLetter))
    if name.isEmpty {
      let symbol = rest.popFirst().map(String.init) ?? ""
      return [",": " ", ";": " ", ":": " ", "!": "", "\\": " ", "|": "‖"][symbol] ?? symbol
    }
    rest = rest.dropFirst(name.count)
    switch name {
    case "frac", "tfrac", "dfrac":
      let numerator = readArgument()
      return grouped(numerator) + "/" + grouped(readArgument())
    case "sqrt": return "√" + grouped(readArgument())
    case "hat": return readArgument() + "\u{302}"
    case "bar", "overline":
      let text = readArgument()
      // A macron is as wide as one letter; an overline goes on over the next.
      return text.count == 1 ? text + "\u{304}" : text.map { "\($0)\u{305}" }.joined()
    case "tilde": return readArgument() + "\u{303}"
    case "mathcal":
      let letter = readArgument()
      return Maths.calligraphic[letter] ?? letter
    case "mathbf", "mathrm", "mathbb", "boldsymbol", "text", "operatorname", "mathit":
      return readArgument()
    case "left", "right", "big", "Big", "bigl", "bigr", "displaystyle", "limits": return ""
    case "partial", "nabla":
      rest = rest.drop(while: \.isWhitespace)
      return Maths.symbols[name] ?? name
    default: return Maths.symbols[name] ?? name
    }
  }

  private func grouped(_ text: String) -> String {
    text.contains { " +−·×/=,".contains($0) } ? "(\(text))" : text
  }

  private func script(
    _ text: String, from alphabet: [Character: Character], mark: String
  ) -> String {
    let raised = text.compactMap { alphabet[$0] }
    if raised.count == text.count { return String(raised) }
    return mark + (text.count > 1 ? "(\(text))" : text)
  }

  private static let superscripts = Dictionary(
    uniqueKeysWithValues: zip("0123456789+−=()niTkml", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀᵏᵐˡ"))
  private static let subscripts = Dictionary(
    uniqueKeysWithValues: zip(
      "0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"))
  private static let calligraphic = [
    "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ",
  ]
  private static let symbols = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "eta": "η", "theta": "θ", "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Delta": "Δ", "Sigma": "Σ", "Phi": "Φ", "Omega": "Ω", "Theta": "Θ", "Lambda": "Λ",
    "nabla": "∇", "partial": "∂", "sum": "∑", "prod": "∏", "int": "∫", "infty": "∞",
    "cdot": "·", "times": "×", "div": "÷", "pm": "±", "ast": "∗", "star": "⋆", "circ": "∘",
    "odot": "⊙", "oplus": "⊕", "otimes": "⊗", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼", "propto": "∝", "ll": "≪",
    "gg": "≫", "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦", "in": "∈",
    "subset": "⊂", "cup": "∪", "cap": "∩", "forall": "∀", "exists": "∃", "ldots": "…",
    "dots": "…", "cdots": "⋯", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
    "lVert": "‖", "rVert": "‖", "Vert": "‖", "mid": "|", "quad": "  ", "qquad": "   ", "top": "ᵀ",
  ]
}
