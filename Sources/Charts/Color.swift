import ElementaryFunctions
import Foundation

/// A colour as screens have it: sRGB, each component from 0 to 1.
struct Color: Hashable, Sendable {
  var red: Double
  var green: Double
  var blue: Double

  init(_ red: Double, _ green: Double, _ blue: Double) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// `0xRRGGBB`.
  init(_ hex: Int) {
    self.init(
      Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255)
  }

  private var components: [Double] { [red, green, blue] }

  /// `#rrggbb`.
  var hex: String {
    "#"
      + components.map { component in
        let digits = String(Int((component * 255).rounded()), radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }

  func mixed(with other: Color, _ share: Double) -> Color {
    Color(
      red + (other.red - red) * share, green + (other.green - green) * share,
      blue + (other.blue - blue) * share)
  }

  // MARK: Luminance

  /// Relative luminance, 0 for black and 1 for white (WCAG 2.1).
  var luminance: Double {
    let light = components.map(Color.linear)
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
  }

  /// The contrast ratio of WCAG 2.1, from 1 to 21.
  func contrast(with other: Color) -> Double {
    let (high, low) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)
  }

  /// The colour, darkened or mixed with white to a luminance.
  func withLuminance(_ target: Double) -> Color {
    let light = components.map(Color.linear)
    let now = luminance
    let changed =
      target <= now
      ? light.map { $0 * target / max(now, 1e-9) }
      : light.map { $0 + (1 - $0) * (target - now) / (1 - now) }
    let encoded = changed.map(Color.encoded)
    return Color(encoded[0], encoded[1], encoded[2])
  }

  private static func linear(_ component: Double) -> Double {
    component <= 0.04045 ? component / 12.92 : Double.pow((component + 0.055) / 1.055, 2.4)
  }

  private static func encoded(_ light: Double) -> Double {
    light <= 0.0031308 ? light * 12.92 : 1.055 * Double.pow(light, 1 / 2.4) - 0.055
  }

  // MARK: Terminals

  /// The nearest of a terminal's 256 colours, but for the first 16, which the reader may have changed:
  /// 16 to 231 are a cube of 6 x 6 x 6, 232 to 255 are greys.
  var terminalCode: Int {
    func distance(_ r: Double, _ g: Double, _ b: Double) -> Double {
      (r - red) * (r - red) + (g - green) * (g - green) + (b - blue) * (b - blue)
    }
    // The steps of the cube are 0, 95, 135, 175, 215, 255.
    func step(_ component: Double) -> Int {
      let value = component * 255
      return value < 47.5 ? 0 : value < 115 ? 1 : min(5, Int((value - 35) / 40))
    }
    func level(_ step: Int) -> Double { step == 0 ? 0 : Double(55 + 40 * step) / 255 }
    let (r, g, b) = (step(red), step(green), step(blue))
    let mean = (red + green + blue) / 3 * 255
    let gray = min(23, max(0, Int(((mean - 8) / 10).rounded())))
    let shade = Double(8 + 10 * gray) / 255
    return distance(shade, shade, shade) < distance(level(r), level(g), level(b))
      ? 232 + gray : 16 + 36 * r + 6 * g + b
  }
}
