/// A bank of filters, rearranged for the kernels: columns in panels of one vector, rows in the order
/// in which a window is read.
///
///     filter   row r:  [ out 0 … 15 | out 16 … 31 | 32 … 36 ]
///     panels            panel 0, all rows │ panel 1, all rows │ panel 2, padded with zeros
///
/// A kernel then reads a panel from its first to its last float.
struct FilterPanels {
  /// Floats in a filter: the rows of the matrix.
  let rows: Int
  /// Filters: the columns of the matrix.
  let columns: Int

  static let wide = WideVector.scalarCount
  /// Rows that one thread packs: below that, waking another one isn't worth it.
  private static let chunkRows = 512

  private var groups: ChannelGroups { ChannelGroups(channels: columns) }

  var count: Int { groups.count }

  /// The width of a panel: the last one is narrow if that is enough.
  func width(_ panel: Int) -> Int { groups.width(panel) }

  /// The columns of a panel that exist.
  func columns(_ panel: Int) -> Range<Int> { groups.channels(panel) }

  /// Where a panel begins.
  func offset(_ panel: Int) -> Int { panel * Self.wide * rows }

  /// Floats in all panels.
  var floats: Int { count == 0 ? 0 : offset(count - 1) + width(count - 1) * rows }

  /// Rearranges filters, `[rows, columns]`.
  ///
  /// - Parameter factors: what each column is multiplied by, `[columns]`; nil for 1.
  func packed(_ filter: Tensor, times factors: Tensor? = nil) -> Storage {
    // One full panel is what the filters are anyway.
    if columns == width(0), factors == nil { return filter.storage }
    let result = Storage(uninitialized: floats)
    let (matrix, target) = (filter.elements, result.pointer)
    inChunks(of: Self.chunkRows, rows) { chunk in
      for panel in 0..<count {
        let (width, range) = (width(panel), columns(panel))
        var factor = WideVector(repeating: 1)
        if let factors {
          factor = factors.elements.vector(at: range.lowerBound, as: WideVector.self)
        }
        for row in chunk {
          let source = matrix + (row &* columns &+ range.lowerBound)
          let line = target + (offset(panel) &+ row &* width)
          if range.count == Self.wide {
            line.store(source.vector(at: 0, as: WideVector.self) * factor, at: 0)
          } else {
            for column in 0..<width {
              line[column] = column < range.count ? source[column] * factor[column] : 0
            }
          }
        }
      }
    }
    return result
  }

  /// Rearranges filters for the input gradient: taps in another order, inputs and outputs swapped.
  ///
  /// - Parameters:
  ///   - filter: `[taps, columns, outChannels]`, as for the forward pass.
  ///   - taps: in the order in which they are wanted.
  func packedTransposed(_ filter: Tensor, taps: [Int]) -> Storage {
    let result = Storage(uninitialized: floats)
    let outChannels = rows / max(taps.count, 1)
    let (matrix, target) = (filter.elements, result.pointer)
    inChunks(of: max(1, Self.chunkRows / max(outChannels, 1)), taps.count) { chunk in
      for position in chunk {
        for panel in 0..<count {
          let (width, range) = (width(panel), columns(panel))
          let source = matrix + (taps[position] * columns + range.lowerBound) * outChannels
          let block = target + offset(panel) + position * outChannels * width
          for column in 0..<range.count {
            let line = source + (column &* outChannels)
            for out in 0..<outChannels { block[out &* width &+ column] = line[out] }
          }
          for column in range.count..<width {
            for out in 0..<outChannels { block[out &* width &+ column] = 0 }
          }
        }
      }
    }
    return result
  }
}
