import Testing

@testable import Charts

@Suite struct DiagramTests {
  @Test("A block with a shortcut is drawn like this on a terminal")
  func terminal() {
    #expect(
      Samples.residualBlock.terminal(width: 60, color: false) == """
        The residual block
                      x ───────────────┐
                      ▼                │
        ┌───────────────────────────┐  │
        │ 3x3 convolution, BN, ReLU │  │
        └─────────────┬─────────────┘  │
                      ▼                │ identity
        ┌───────────────────────────┐  │
        │    3x3 convolution, BN    │  │
        └─────────────┬─────────────┘  │
                      ▼ F(x)           │
                      ⊕ ◄──────────────┘
                      ▼ F(x) + x
        ┌───────────────────────────┐
        │            ReLU           │
        └─────────────┬─────────────┘
                      ▼
                      y

        """)
  }

  @Test("Where a shortcut ends at an addition, the next begins below it")
  func twoShortcuts() throws {
    let lines = Samples.transformer.terminal(width: 60, color: false).split(separator: "\n")
    let end = try #require(lines.firstIndex { $0.contains("⊕ ◄───────────┘") })
    #expect(lines[end + 1].contains("├─────────────┐"))
    #expect(lines[end + 2].contains("▼             │"))
  }

  @Test("Arrows that meet and arrows that part are joined")
  func joints() {
    let lines = Samples.fork.terminal(width: 60, color: false)
    #expect(lines.contains("     ┌─────────────┼─────────────┐\n     ▼ Wq          ▼ Wk"))
    #expect(lines.contains("     └─────────────┼─────────────┘\n                   ▼\n"))
  }

  @Test("A box stands in the row above the first that it has an arrow to")
  func rows() {
    let rows = Samples.graph.rows.map { $0.map { Samples.graph.nodes[$0].name } }
    #expect(rows == [["w", "x"], ["p", "b"], ["s"], ["y"], ["L"]])
  }

  @Test("The node with an arrow around others comes last in its row")
  func order() {
    let diagram = Diagram(
      "t", [.box("x"), .box("w"), .box("p"), .box("y")],
      [.init("x", "p"), .init("w", "p"), .init("p", "y"), .init("x", "y")])
    #expect(diagram.rows[0].map { diagram.nodes[$0].name } == ["w", "x"])
  }

  @Test("No two boxes overlap, and no arrow around boxes passes through one", arguments: [0, 1])
  func apart(unit: Int) {
    let diagrams = [
      Samples.residualBlock, Samples.graph, Samples.transformer, Samples.fork, Samples.dense,
    ]
    for diagram in diagrams {
      let layout = DiagramLayout(diagram, width: [600, 79][unit], [.pixels, .cells][unit])
      let places = layout.places
      for (index, place) in places.enumerated() {
        for other in places.prefix(index) {
          #expect(
            place.top >= other.bottom || other.top >= place.bottom
              || abs(place.x - other.x) >= (place.width + other.width) / 2)
        }
      }
      let right = places.map(\.right).max() ?? 0
      for route in layout.routes where diagram.ends(route.arrow).rows.count > 2 {
        #expect(route.points[route.points.count - 3].x > right)
      }
    }
  }

  @Test("Every arrow begins at the border of one node and ends at that of the other")
  func ends() {
    for diagram in [Samples.residualBlock, Samples.graph, Samples.transformer, Samples.dense] {
      let layout = DiagramLayout(diagram, width: 600, .pixels)
      for route in layout.routes {
        let ends = diagram.ends(route.arrow)
        let (from, to) = (layout.places[ends.from], layout.places[ends.to])
        let (first, last) = (route.points[0], route.points[route.points.count - 1])
        #expect(first == (from.x, from.bottom) || first == (from.right, from.y))
        #expect(last == (to.x, to.top) || last == (to.right, to.y))
      }
    }
  }

  @Test("A description is made from the boxes and arrows")
  func description() {
    #expect(
      Samples.residualBlock.description
        == "The residual block. From top to bottom: x; then 3x3 convolution, BN, ReLU; then 3x3 "
        + "convolution, BN; then the addition; then ReLU; then y. An arrow from 3x3 convolution, BN "
        + "to the addition: F(x). An arrow from the addition to ReLU: F(x) + x. A shortcut from x to "
        + "the addition: identity.")
    #expect(
      Samples.transformer.description.hasSuffix(
        "A shortcut from x to addition 1: identity. A shortcut from addition 1 to addition 2: "
          + "identity."))
    #expect(
      Samples.graph.description.contains(
        "w = 3, gradient 28 and beside it x = 2, gradient 56; then p = w · x = 6, gradient 14"))
    #expect(Samples.graph.description.contains("An arrow from w = 3 to p = w · x = 6: 28."))
    #expect(Diagram("t", [.text("x")], [], description: "As given.").description == "As given.")
  }

  @Test("Text that is too wide for a box is broken into lines")
  func narrow() throws {
    let layout = DiagramLayout(Samples.residualBlock, width: 34, .cells)
    let place = layout.places[1]
    #expect(
      place.lines.count > 1 && place.lines.joined(separator: " ") == "3x3 convolution, BN, ReLU")
    #expect(layout.width <= 34)
  }

  @Test("What can't be drawn is refused")
  func refused() async {
    await #expect(processExitsWith: .failure) {
      _ = Diagram("t", [.box("a"), .box("a")], [])
    }
    await #expect(processExitsWith: .failure) {
      _ = Diagram("t", [.box("a")], [.init("a", "b")])
    }
    await #expect(processExitsWith: .failure) {
      _ = Diagram("t", [.box("a"), .box("b")], Diagram.chain("a", "b", "a"))
    }
    await #expect(processExitsWith: .failure) {
      let nodes: [Diagram.Node] = [.box("a"), .box("b"), .box("c"), .box("d")]
      let arrows =
        Diagram.chain("a", "c", "d") + [.init("b", "c"), .init("a", "d"), .init("b", "d")]
      _ = Diagram("t", nodes, arrows)
    }
    await #expect(processExitsWith: .failure) {
      let nodes: [Diagram.Node] = [.box("a"), .box("b"), .box("c"), .box("d")]
      let crossing: [Diagram.Arrow] = [.init("a", "d"), .init("b", "c")]
      _ = Diagram("t", nodes, crossing).terminal(width: 80, color: false)
    }
  }
}
