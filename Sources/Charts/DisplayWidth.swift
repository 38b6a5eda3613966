/// How many terminal columns text takes: two for East Asian wide characters and emoji, none for
/// combining marks, one for the rest (Unicode Standard Annex 11).
extension Character {
  package var displayWidth: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    if scalar.value < 0x300 { return 1 }
    // The blocks and dots that figures are drawn with, without the long way below.
    if (0x2500...0x25FC).contains(scalar.value) || (0x2800...0x28FF).contains(scalar.value) {
      return 1
    }
    if unicodeScalars.contains(where: \.properties.isEmojiPresentation) { return 2 }
    if unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return Character.wideBlocks.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// Whether a line may break on either side, as between Chinese characters; Korean has spaces between words.
  package var isIdeographic: Bool {
    guard displayWidth == 2, let scalar = unicodeScalars.first?.value else { return false }
    return !(0xAC00...0xD7A3).contains(scalar) && !(0x1100...0x115F).contains(scalar)
  }

  private static let wideBlocks: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
  ]
}

extension StringProtocol {
  package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }
}
