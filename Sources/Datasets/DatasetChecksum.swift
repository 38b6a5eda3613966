import Files

extension Dataset {
  /// Sixteen digits that data sets with the same images, prepared alike, and the same labels in the same order have in
  /// common, and hardly any others: to see whether two machines have the same one.
  public var checksum: String {
    var parts: [[UInt8]]
    switch source {
    case .numbers(let images):
      parts = [
        images.scalars.flatMap { number in
          (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
        }
      ]
    case .bytes(let images):
      let preparation: [any Sendable] = [
        images.layout, images.selection ?? [], images.white, images.standardization?.mean ?? [],
        images.standardization?.deviation ?? [],
      ]
      parts = [images.bytes] + preparation.map { Array("\($0)".utf8) }
    }
    parts += [Array("\(labels)".utf8), Array("\(classNames) \(imageShape)".utf8)]
    let sums = parts.map { hexadecimal(Files.checksum($0)) }
    return hexadecimal(Files.checksum(Array(sums.joined().utf8)))
  }
}
