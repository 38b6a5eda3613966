extension Tensor {
  /// Reads words out of a file's bytes, each straight to its place, on all threads.
  ///
  /// - Parameters:
  ///   - shape: in memory.
  ///   - bytes: words of one size, lowest byte first; possibly a part of a mapped file.
  ///   - size: bytes a word: 1, 2, 4 or 8.
  ///   - order: the order of the words.
  ///   - value: the number that a word stands for.
  /// - Precondition: there are as many words as the shape has elements.
  public init(
    _ shape: [Int], littleEndian bytes: some Collection<UInt8>, size: Int,
    order: ElementOrder = .same,
    _ value: (_ word: UInt64) -> Float
  ) {
    let count = shape.reduce(1, *)
    precondition(
      bytes.count == count * size, "\(bytes.count) bytes for \(count) words of \(size) bytes.")
    self.init(uninitialized: shape)
    let target = freshElements
    func read(_ source: UnsafeBufferPointer<UInt8>) {
      guard let source = UnsafeRawPointer(source.baseAddress) else { return }
      @inline(__always)
      func readWords<Word: FixedWidthInteger & UnsignedInteger>(_ type: Word.Type) {
        arrange(shape, order) { inMemory, inFile in
          let word = source.loadUnaligned(fromByteOffset: inFile * size, as: Word.self)
          target[inMemory] = value(UInt64(Word(littleEndian: word)))
        }
      }
      switch size {
      case 1: readWords(UInt8.self)
      case 2: readWords(UInt16.self)
      case 4: readWords(UInt32.self)
      case 8: readWords(UInt64.self)
      default: preconditionFailure("A word has 1, 2, 4 or 8 bytes, not \(size).")
      }
    }
    // An array, or a part of a mapped file, is one piece of memory; anything else is copied to one.
    if bytes.withContiguousStorageIfAvailable(read) == nil {
      Array(bytes).withUnsafeBufferPointer(read)
    }
  }

  /// The elements in single precision, lowest byte first.
  public func littleEndianBytes(_ order: ElementOrder = .same) -> [UInt8] {
    let source = elements
    return [UInt8](unsafeUninitializedCapacity: count * 4) { target, written in
      written = count * 4
      guard let target = UnsafeMutableRawPointer(target.baseAddress) else { return }
      arrange(shape, order) { inMemory, inFile in
        target.storeBytes(
          of: source[inMemory].bitPattern.littleEndian, toByteOffset: inFile * 4, as: UInt32.self)
      }
    }
  }
}

/// Calls `body` with each element's place in memory and in the file, on all threads.
@inline(__always)
private func arrange(
  _ shape: [Int], _ order: ElementOrder, _ body: (_ inMemory: Int, _ inFile: Int) -> Void
) {
  let count = shape.reduce(1, *)
  switch order {
  case .same:
    inChunks(of: 1 << 16, count) { range in for index in range { body(index, index) } }
  case .outFirst(let taps):
    let outputs = shape.last ?? 1
    let columns = count / max(outputs, 1)
    precondition(taps > 0 && columns % taps == 0, "\(taps) taps don't divide \(shape).")
    // Sixteen outputs are a cache line in memory, and sixteen rows to follow in the file.
    inChunks(of: 16, outputs) { outputs16 in
      var column = 0
      for input in 0..<columns / taps {
        for tap in 0..<taps {
          let line = (tap * (columns / taps) + input) * outputs
          for output in outputs16 { body(line + output, output * columns + column) }
          column += 1
        }
      }
    }
  }
}
