import Testing

@testable import Charts

@Suite struct ColorTests {
  private static let everyColor: [SeriesColor] =
    Hue.allCases.map(SeriesColor.hue)
    + Hue.allCases.flatMap { hue in (0...10).map { SeriesColor.shade(hue, Double($0) / 10) } }

  @Test(
    "Every colour has a contrast of at least 3 with the card", arguments: [Scheme.light, .dark])
  func contrast(scheme: Scheme) {
    for color in Self.everyColor {
      let contrast = color.color(scheme).contrast(with: scheme.card)
      #expect(contrast >= 3, "\(color) has \(contrast)")
    }
  }

  @Test("On a terminal every hue can be read on black and on white")
  func terminal() {
    for hue in Hue.allCases {
      for background in [Color(0), Color(0xFFFFFF)] {
        #expect(hue.color(.terminal).contrast(with: background) >= 2.5, "\(hue)")
      }
    }
  }

  @Test("A greater shade is darker", arguments: [Scheme.light, .dark, .terminal])
  func shades(scheme: Scheme) {
    for hue in Hue.allCases {
      let luminances = (0...4).map {
        SeriesColor.shade(hue, Double($0) / 4).color(scheme).luminance
      }
      #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 > $1 * 1.15 }, "\(hue)")
    }
    #expect(SeriesColor.shade(.blue, .nan).name == "blue-50")
    #expect(SeriesColor.shade(.blue, 7).name == "blue-100")
  }

  @Test("A colour's luminance is what was asked for", arguments: [0.05, 0.2, 0.5, 0.9])
  func luminance(target: Double) {
    for hue in Hue.allCases {
      #expect(abs(hue.color(.light).withLuminance(target).luminance - target) < 1e-9)
    }
  }

  @Test("The diverging palette is white in the middle and as dark at both ends")
  func diverging() {
    let ends = [0.0, 1].map { Palette.diverging.color($0).luminance }
    #expect(Palette.diverging.color(0.5).luminance > 0.9)
    #expect(ends.allSatisfy { $0 < 0.2 })
    #expect(Palette.gray.color(0).hex == "#000000" && Palette.gray.color(1).hex == "#ffffff")
  }

  @Test("Colours of a terminal are found by their number")
  func codes() {
    #expect(Color(0xFF0000).terminalCode == 196 && Color(0).terminalCode == 16)
    #expect(Color(0x808080).terminalCode == 244)
    // Every colour of the cube and every grey is found again.
    let steps = [0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF]
    for code in 0..<216 {
      let hex = steps[code / 36] << 16 | steps[code / 6 % 6] << 8 | steps[code % 6]
      #expect(Color(hex).terminalCode == 16 + code)
    }
    for gray in 0..<24 { #expect(Color((8 + 10 * gray) * 0x010101).terminalCode == 232 + gray) }
  }
}
