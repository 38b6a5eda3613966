@testable import Charts

/// Diagrams as chapters draw them.
extension Samples {
  static let residualBlock = Diagram(
    "The residual block",
    [
      .text("x"), .box("first", "3x3 convolution, BN, ReLU"), .box("second", "3x3 convolution, BN"),
      .addition("+"), .box("ReLU"), .text("y"),
    ],
    [
      .init("x", "first"), .init("first", "second"), .init("second", "+", "F(x)"),
      .init("+", "ReLU", "F(x) + x"), .init("ReLU", "y"),
      .init("x", "+", "identity", color: .hue(.blue)),
    ])

  static let plainBlock = Diagram(
    "The plain block",
    [
      .text("x"), .box("first", "3x3 convolution, BN, ReLU"), .box("second", "3x3 convolution, BN"),
      .box("ReLU"), .text("y"),
    ], Diagram.chain("x", "first", "second", "ReLU", "y"))

  static let graph = Diagram(
    "A graph with gradients",
    [
      .box("w", "w = 3", "gradient 28"), .box("x", "x = 2", "gradient 56"),
      .box("p", "p = w · x = 6", "gradient 14"), .box("b", "b = −1", "gradient 14"),
      .box("s", "s = p + b = 5", "gradient 14"), .box("y", "y = s + x = 7", "gradient 14"),
      .box("L", "L = y² = 49", "gradient 1"),
    ],
    [
      .init("w", "p", "28"), .init("x", "p", "42"), .init("p", "s", "14"), .init("b", "s", "14"),
      .init("s", "y", "14"), .init("x", "y", "14"), .init("y", "L", "14"),
    ])

  static let transformer = Diagram(
    "The Transformer block",
    [
      .text("x"), .box("norm 1", "layer normalisation"), .box("attention"), .addition("first"),
      .box("norm 2", "layer normalisation"), .box("MLP"), .addition("second"), .text("y"),
    ],
    Diagram.chain("x", "norm 1", "attention", "first", "norm 2", "MLP", "second", "y")
      + [.init("x", "first", "identity"), .init("first", "second", "identity")])

  static let fork = Diagram(
    "Attention",
    [
      .text("x", "tokens"), .box("q", "queries"), .box("k", "keys"), .box("v", "values"),
      .box("mix"), .text("y"),
    ],
    [
      .init("x", "q", "Wq"), .init("x", "k", "Wk"), .init("x", "v", "Wv"), .init("q", "mix"),
      .init("k", "mix"), .init("v", "mix"), .init("mix", "y"),
    ])

  static let dense = Diagram(
    "Everything to everything",
    [.text("x"), .box("a"), .box("b"), .box("c"), .text("y")],
    Diagram.chain("x", "a", "b", "c", "y") + [
      .init("x", "b", "one"), .init("x", "c", "two"), .init("a", "c", "three"), .init("b", "y"),
    ])

  static let sets = SetDiagram(
    "Sets",
    [
      .init("small", Point(0.3, 0.3), across: 0.1, down: 0.1, color: .hue(.blue)),
      .init("large", Point(0.35, 0.3), across: 0.3, down: 0.25, color: .hue(.orange)),
      .init("other", Point(0.7, 0.3), across: 0.2, down: 0.1, color: .hue(.green)),
    ], marks: [.init("inside", Point(0.3, 0.35)), .init("outside", Point(0.7, 0.1))])

  static let diagrams: [any Figure] = [
    sets, residualBlock, plainBlock, SideBySide("Two blocks", [plainBlock, residualBlock]), graph,
    transformer, fork, dense,
  ]
}
