import ElementaryFunctions
import Foundation

/// The colours of data. They can be told apart with the common kinds of colour blindness (after Okabe
/// and Ito's palette), and each has a variant for a light and for a dark background.
public enum Hue: Sendable, Hashable, CaseIterable {
  /// Blue.
  case blue
  /// Orange, on the red side.
  case orange
  /// Bluish green.
  case green
  /// Reddish purple.
  case purple
  /// Light blue.
  case sky
  /// Dark red.
  case red
  /// Grey, for what serves as a comparison.
  case gray
}

/// The colour of a series: one of the hues, or a shade of it for an ordered family of series.
public enum SeriesColor: Sendable, Hashable {
  /// The hue itself.
  case hue(Hue)
  /// A shade of a hue, from 0, light, to 1, dark.
  case shade(Hue, Double)
}

/// What a colour lies on.
enum Scheme {
  case light, dark
  /// A background that may be light or dark.
  case terminal

  /// A figure's card.
  var card: Color { self == .dark ? Color(0x16181D) : Color(0xFFFFFF) }

  /// The luminance of the lightest and of the darkest shade: each has a contrast of 3 or more with
  /// the card, and on a terminal of 2.4 or more with black and with white.
  fileprivate var shades: (light: Double, dark: Double) {
    switch self {
    case .light: (0.24, 0.02)
    case .dark: (0.75, 0.17)
    case .terminal: (0.38, 0.07)
    }
  }
}

extension Hue {
  func color(_ scheme: Scheme) -> Color {
    let (light, dark) =
      switch self {
      case .blue: (0x0065A8, 0x4DA3E0)
      case .orange: (0xD55E00, 0xF28C3A)
      case .green: (0x00875F, 0x2FBF94)
      case .purple: (0xA8559A, 0xDB92C6)
      case .sky: (0x2D94D0, 0x93D2F7)
      case .red: (0xA3182E, 0xF47C82)
      case .gray: (0x6B7280, 0xA3A9B3)
      }
    switch scheme {
    case .light: return Color(light)
    case .dark: return Color(dark)
    case .terminal: return Color(light).withLuminance(self == .sky ? 0.36 : 0.2)
    }
  }
}

extension SeriesColor {
  func color(_ scheme: Scheme) -> Color {
    switch self {
    case .hue(let hue): return hue.color(scheme)
    case .shade(let hue, let shade):
      // Equal steps of contrast look equal.
      let (light, dark) = scheme.shades
      let ratio = (dark + 0.05) / (light + 0.05)
      let luminance =
        (light + 0.05) * Double.pow(ratio, Double(SeriesColor.percent(shade)) / 100) - 0.05
      return hue.color(.light).withLuminance(luminance)
    }
  }

  /// The colour's class in SVG, the same in all figures.
  var name: String {
    switch self {
    case .hue(let hue): "\(hue)"
    case .shade(let hue, let shade): "\(hue)-\(SeriesColor.percent(shade))"
    }
  }

  private static func percent(_ shade: Double) -> Int {
    Int((100 * min(1, max(0, shade.isNaN ? 0.5 : shade))).rounded())
  }

  /// The colour of a series for which none was chosen.
  static func standard(_ index: Int) -> SeriesColor {
    .hue(Hue.allCases[index % Hue.allCases.count])
  }
}
