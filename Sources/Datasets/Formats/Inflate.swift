/// Undoes the compression of gzip files: blocks of literal bytes and of references to earlier ones,
/// both in prefix codes (Huffman codes) that each block may define for itself.
///
/// - SeeAlso: RFC 1951; its section numbers are given below.
struct Inflate {
  /// What came out so far.
  private(set) var output: [UInt8] = []
  private let input: [UInt8]
  private let file: String
  private let limit: Int
  private var next = 0
  private var bits: UInt64 = 0
  private var bitCount = 0

  init(_ input: [UInt8], file: String, limit: Int) {
    (self.input, self.file, self.limit) = (input, file, limit)
  }

  /// The first byte that wasn't used yet.
  var position: Int { next - bitCount / 8 }

  /// Some whole bytes, from the next byte boundary on.
  mutating func take(_ count: Int) throws(DatasetError) -> ArraySlice<UInt8> {
    let start = position
    (next, bits, bitCount) = (start, 0, 0)
    guard count <= input.count - start else { throw cutOff() }
    next += count
    return input[start..<next]
  }

  /// Reads blocks up to the one that says it is the last (section 3.2.3).
  mutating func run() throws(DatasetError) {
    var isLast = false
    while !isLast {
      isLast = try read(1) == 1
      switch try read(2) {
      case 0: try copyStored()
      case 1: try readBlock(literals: Self.fixedLiterals, distances: Self.fixedDistances)
      case 2:
        let (literals, distances) = try readCodes()
        try readBlock(literals: literals, distances: distances)
      default:
        throw damage(.format, at: position, expected: "a block of kind 0, 1 or 2", found: "kind 3")
      }
    }
  }

  /// A block that isn't compressed (section 3.2.4).
  private mutating func copyStored() throws(DatasetError) {
    let header = try take(4).map(Int.init)
    let (length, complement) = (header[0] | header[1] << 8, header[2] | header[3] << 8)
    guard length ^ complement == 0xFFFF else {
      throw damage(
        .format, at: position - 4, expected: "a length and its complement",
        found: "\(length) and \(complement)")
    }
    let bytes = try take(length)
    guard length <= limit - output.count else { throw tooLarge() }
    output += bytes
  }

  /// A block in two codes: one for literals and lengths, one for distances (section 3.2.5).
  private mutating func readBlock(
    literals: PrefixCode, distances: PrefixCode
  ) throws(DatasetError) {
    while true {
      let symbol = try decode(literals)
      if symbol < 256 {
        guard output.count < limit else { throw tooLarge() }
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol < 286 else { throw unused("length", symbol) }
      let length = Self.lengthBases[symbol - 257] + (try read(Self.lengthBits[symbol - 257]))
      let code = try decode(distances)
      guard code < 30 else { throw unused("distance", code) }
      let distance = Self.distanceBases[code] + (try read(code < 2 ? 0 : code / 2 - 1))
      guard distance <= output.count else {
        throw damage(
          .format, at: position, expected: "a distance of at most \(output.count) bytes",
          found: "\(distance)")
      }
      guard length <= limit - output.count else { throw tooLarge() }
      let start = output.count - distance
      for index in start..<start + length { output.append(output[index]) }
    }
  }

  /// The codes of a block that defines them, themselves in a code (section 3.2.7).
  private mutating func readCodes() throws(DatasetError) -> (PrefixCode, PrefixCode) {
    let (literals, distances) = (try read(5) + 257, try read(5) + 1)
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<(try read(4) + 4) { lengths[Self.codeOrder[index]] = try read(3) }
    let code = try prefixCode(lengths)
    lengths = []
    while lengths.count < literals + distances {
      let symbol = try decode(code)
      switch symbol {
      case 16:
        guard let last = lengths.last else {
          throw damage(
            .format, at: position, expected: "a length to be repeated", found: "none before it")
        }
        lengths += [Int](repeating: last, count: try read(2) + 3)
      case 17: lengths += [Int](repeating: 0, count: try read(3) + 3)
      case 18: lengths += [Int](repeating: 0, count: try read(7) + 11)
      default: lengths.append(symbol)
      }
    }
    guard lengths.count == literals + distances else {
      throw damage(
        .format, at: position, expected: "\(literals + distances) code lengths",
        found: "\(lengths.count)")
    }
    return (try prefixCode(lengths.prefix(literals)), try prefixCode(lengths.suffix(distances)))
  }

  private func prefixCode(_ lengths: some Collection<Int>) throws(DatasetError) -> PrefixCode {
    guard let code = PrefixCode(lengths: Array(lengths)) else {
      throw damage(
        .format, at: position, expected: "a prefix code", found: "lengths that don't make one")
    }
    return code
  }

  private mutating func decode(_ code: PrefixCode) throws(DatasetError) -> Int {
    fill()
    let entry = code.table[Int(bits & code.mask)]
    let length = Int(entry & 15)
    guard length > 0, length <= bitCount else {
      if bitCount < 15, next == input.count { throw cutOff() }
      throw damage(.format, at: position, expected: "a code in use", found: "another one")
    }
    bits >>= UInt64(length)
    bitCount -= length
    return Int(entry >> 4)
  }

  private mutating func read(_ count: Int) throws(DatasetError) -> Int {
    fill()
    guard count <= bitCount else { throw cutOff() }
    let value = bits & ((1 << UInt64(count)) - 1)
    bits >>= UInt64(count)
    bitCount -= count
    return Int(value)
  }

  /// Bits are used from the lowest of each byte on (section 3.1.1).
  private mutating func fill() {
    while bitCount <= 48, next < input.count {
      bits |= UInt64(input[next]) << UInt64(bitCount)
      next += 1
      bitCount += 8
    }
  }

  func damage(
    _ fault: DatasetError.Fault, at offset: Int, expected: String, found: String
  ) -> DatasetError {
    DatasetError(
      fault: fault, file: file, offset: offset, expected: expected, found: found,
      remedy: "Fetch the file again; it may have been cut off or changed on the way.")
  }

  private func cutOff() -> DatasetError {
    damage(
      .truncated, at: input.count, expected: "more compressed data", found: "the end of the file")
  }

  private func tooLarge() -> DatasetError {
    damage(.oversized, at: position, expected: "at most \(limit) bytes of data", found: "more")
  }

  private func unused(_ kind: String, _ code: Int) -> DatasetError {
    damage(.format, at: position, expected: "a \(kind) in use", found: "number \(code)")
  }

  // Section 3.2.5: a length or distance is a base and some more bits.
  private static let lengthBits =
    [0, 0, 0, 0, 0, 0, 0, 0] + (1...5).flatMap { [$0, $0, $0, $0] } + [0]
  private static let lengthBases =
    lengthBits.dropLast().reduce(into: [3]) { $0.append($0.last! + 1 << $1) }.prefix(28) + [258]
  private static let distanceBases =
    (0..<30).reduce(into: [1]) { $0.append($0.last! + 1 << ($1 < 2 ? 0 : $1 / 2 - 1)) }
  private static let codeOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
  // Section 3.2.6.
  private static let fixedLiterals = PrefixCode(
    lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })!
  private static let fixedDistances = PrefixCode(lengths: [Int](repeating: 5, count: 32))!
}

/// A prefix code as a table from the next bits of the input to a symbol (section 3.2.2).
private struct PrefixCode {
  /// For every value of the next bits, the symbol times 16 plus the length of its code, or 0.
  let table: [UInt16]
  let mask: UInt64

  /// The code in which symbol i has a code of `lengths[i]` bits, 0 for none; nil if there isn't one.
  init?(lengths: [Int]) {
    let longest = max(lengths.max() ?? 0, 1)
    var counts = [Int](repeating: 0, count: longest + 1)
    for length in lengths where length > 0 { counts[length] += 1 }
    var code = 0
    var nextCodes = [0]
    for length in 1...longest {
      code = code << 1
      nextCodes.append(code)
      code += counts[length]
      if code > 1 << length { return nil }
    }
    var table = [UInt16](repeating: 0, count: 1 << longest)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      // Codes come with their highest bit first, the input with its lowest.
      var reversed = 0
      for bit in 0..<length where nextCodes[length] >> bit & 1 == 1 {
        reversed |= 1 << (length - 1 - bit)
      }
      nextCodes[length] += 1
      for entry in stride(from: reversed, to: table.count, by: 1 << length) {
        table[entry] = UInt16(symbol << 4 | length)
      }
    }
    self.table = table
    mask = UInt64(table.count - 1)
  }
}
