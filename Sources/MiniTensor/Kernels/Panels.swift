/// A bank of filters, rearranged for the kernels: columns in panels of one vector, rows in the order
/// in which a window is read.
///
///     filter   row r:  [ out 0 … 15 | out 16 … 31 | 32 … 36 ]
///     panels            panel 0, all rows │ panel 1, all rows │ panel 2, padded with zeros
///
/// A kernel then reads a panel from its first to its last float.
struct Panels {
  /// Floats in a window: the rows of the matrix.
  let rows: Int
  /// Filters: the columns of the matrix.
  let columns: Int

  static let wide = WideVector.scalarCount
  static let narrow = NarrowVector.scalarCount

  var count: Int { (columns + Self.wide - 1) / Self.wide }

  /// The width of a panel: the last one is narrow if that is enough.
  func width(_ panel: Int) -> Int {
    columns - panel * Self.wide <= Self.narrow ? Self.narrow : Self.wide
  }

  /// The columns of a panel that exist.
  func columns(_ panel: Int) -> Range<Int> {
    panel * Self.wide..<min(columns, (panel + 1) * Self.wide)
  }

  /// Where a panel begins.
  func offset(_ panel: Int) -> Int { panel * Self.wide * rows }

  /// Floats in all panels.
  var floats: Int { count == 0 ? 0 : offset(count - 1) + width(count - 1) * rows }

  /// Rearranges filters, `[…, columns]`.
  func packed(_ filter: Tensor) -> Storage {
    let result = Storage(uninitialized: floats)
    let (matrix, target) = (filter.elements, result.pointer)
    for panel in 0..<count {
      let (width, range) = (width(panel), columns(panel))
      for row in 0..<rows {
        let line = target + offset(panel) + row * width
        line.update(from: matrix + row * columns + range.lowerBound, count: range.count)
        (line + range.count).update(repeating: 0, count: width - range.count)
      }
    }
    return result
  }

  /// The inverse of `pack`, adding to what is there.
  func addUnpacked(_ panels: UnsafePointer<Float>, to matrix: UnsafeMutablePointer<Float>) {
    for panel in 0..<count {
      let (width, range) = (width(panel), columns(panel))
      for row in 0..<rows {
        let line = panels + offset(panel) + row * width
        let target = matrix + row * columns + range.lowerBound
        for column in 0..<range.count { target[column] += line[column] }
      }
    }
  }

  /// Rearranges filters for the input gradient: taps in reverse order, inputs and outputs swapped.
  ///
  /// - Parameters:
  ///   - filter: `[taps, columns, outChannels]`, as for the forward pass.
  ///   - taps: kernel height · kernel width.
  func packedReversed(_ filter: Tensor, taps: Int) -> Storage {
    let result = Storage(uninitialized: floats)
    let outChannels = rows / taps
    for panel in 0..<count {
      let (width, range) = (width(panel), columns(panel))
      for tap in 0..<taps {
        let source =
          filter.elements + ((taps - 1 - tap) * columns + range.lowerBound) * outChannels
        let block = result.pointer + offset(panel) + tap * outChannels * width
        for out in 0..<outChannels {
          for column in 0..<range.count {
            block[out * width + column] = source[column * outChannels + out]
          }
          (block + out * width + range.count).update(repeating: 0, count: width - range.count)
        }
      }
    }
    return result
  }
}
