import Testing

@testable import Charts

@Suite struct SetDiagramTests {
  @Test("A description says which set lies within which, which overlap, and where points are")
  func description() {
    #expect(
      Samples.sets.description
        == "Sets. Sets. small lies within large. small lies apart from other. large overlaps other. "
        + "inside: in small and in large. outside: outside of all.")
    let swapped = SetDiagram("t", [Samples.sets.regions[1], Samples.sets.regions[0]])
    #expect(swapped.description == "t. Sets. large contains small.")
    #expect(SetDiagram("t", [], description: "As given.").description == "As given.")
  }

  @Test("A border lies on its ellipse")
  func border() {
    let region = Samples.sets.regions[1]
    for point in region.border(count: 36) {
      let (x, y) = ((point.x - 0.35) / 0.3, (point.y - 0.3) / 0.25)
      #expect(abs(x * x + y * y - 1) < 1e-12)
    }
  }

  @Test("A set is drawn like this on a terminal")
  func terminal() {
    let region = SetDiagram.Region(
      "a", Point(0.5, 0.3), across: 0.4, down: 0.25, color: .hue(.blue))
    let set = SetDiagram("t", [region], marks: [.init("b", Point(0.5, 0.3))])
    #expect(
      set.terminal(width: 16, color: false) == """
        t
            ⣀⠤⠤⠤⠤⠤⠤⣀
         ⢀⡴⠋        ⠙⢦⡀
         ⢸      ● b   ⡇
          ⠳⣄⡀      ⢀⣠⠞
            ⠉⠙⠒⠒⠒⠒⠋⠉

        """)
  }

  @Test("Other words stand in the place of title and names")
  func renamed() {
    let other = Samples.sets.renamed { $0.uppercased() }
    #expect(other.description.hasPrefix("SETS. Sets. SMALL lies within LARGE."))
    #expect(other.description.hasSuffix("OUTSIDE: outside of all."))
  }
}
