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

  /// Whether a panel of a range and the next one are taken at once: both are whole, and there are registers.
  func isPair(_ panel: Int, in range: Range<Int>) -> Bool {
    WideVector.isOneRegister && panel + 1 < range.upperBound
      && columns(panel + 1).count == Self.wide
  }

  /// Where a panel begins.
  func offset(_ panel: Int) -> Int { panel * Self.wide * rows }

  /// Floats in all panels.
  var floats: Int { count == 0 ? 0 : offset(count - 1) + width(count - 1) * rows }

  /// Whether filters are one panel as they are.
  var isOnePanel: Bool { columns == width(0) }

  /// Rearranges filters, `[rows, columns]`.
  ///
  /// - Parameter factors: what each column is multiplied by, `[columns]`; nil for 1.
  func packed(_ filter: Tensor, times factors: Tensor? = nil) -> Storage {
    if isOnePanel, factors == nil { return filter.storage }
    let result = Storage(uninitialized: floats)
    Device.current.workers.forEach(count) { panel in
      pack(filter, times: factors, panels: panel..<panel + 1, to: result.pointer + offset(panel))
    }
    return result
  }

  /// Rearranges the columns of some panels.
  ///
  /// - Parameter target: where the first of them begins.
  func pack(
    _ filter: Tensor, times factors: Tensor?, panels: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) {
    for panel in panels {
      let (width, range) = (width(panel), columns(panel))
      let source = filter.elements + range.lowerBound
      let target = target + (offset(panel) - offset(panels.lowerBound))
      var factor = WideVector(repeating: 1)
      if let factors {
        factor = factors.elements.vector(at: range.lowerBound, as: WideVector.self)
      }
      if range.count == Self.wide {
        for row in 0..<rows {
          target.store(
            source.vector(at: row &* columns, as: WideVector.self) * factor, at: row &* Self.wide)
        }
      } else {
        for row in 0..<rows {
          for column in 0..<width {
            target[row &* width &+ column] =
              column < range.count ? source[row &* columns &+ column] * factor[column] : 0
          }
        }
      }
    }
  }

  /// Rearranges filters for the input gradient: taps in another order, inputs and outputs swapped.
  ///
  /// - Parameters:
  ///   - filter: `[taps, columns, outChannels]`, as for the forward pass.
  ///   - taps: in the order in which they are wanted.
  func packedTransposed(_ filter: Tensor, taps: [Int]) -> Storage {
    let result = Storage(uninitialized: floats)
    let outChannels = rows / max(taps.count, 1)
    inChunks(of: max(1, Self.chunkRows / max(outChannels, 1)), taps.count) { positions in
      packTransposed(
        filter, taps: taps, positions: positions, panels: 0..<count, to: result.pointer)
    }
    return result
  }

  /// Rearranges some taps for some panels of the input gradient.
  ///
  /// - Parameters:
  ///   - positions: of `taps`, which `rows` has all.
  ///   - target: where the first of the panels begins.
  func packTransposed(
    _ filter: Tensor, taps: [Int], positions: Range<Int>, panels: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let outChannels = rows / max(taps.count, 1)
    let matrix = filter.elements
    for position in positions {
      for panel in panels {
        let (width, range) = (width(panel), columns(panel))
        let source = matrix + (taps[position] * columns + range.lowerBound) * outChannels
        let block =
          target
          + (offset(panel) - offset(panels.lowerBound) + position * outChannels * width)
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
}
