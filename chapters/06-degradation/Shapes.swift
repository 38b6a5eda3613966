import Charts
import Networks

/// The parts of a network, and the shape of what comes out of each for a digit.
func shapeDiagram(_ architecture: CifarArchitecture) -> Diagram {
  let image = [8, 8, 1]
  let parts = Architecture.cifar(architecture).stages(imageShape: image)
  let names = ["image"] + parts.map(\.name) + ["logits"]
  let shapes = ([image] + parts.map(\.output)).map { shape in
    shape.map { String($0) }.joined(separator: " x ")
  }
  return Diagram(
    "Shapes in \(architecture.name)",
    [.text("image")]
      + parts.map { part in
        part.name == part.layers ? .box(part.name) : .box(part.name, part.name, part.layers)
      } + [.text("logits")],
    shapes.indices.map { Diagram.Arrow(names[$0], names[$0 + 1], shapes[$0]) })
}
