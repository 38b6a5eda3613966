/// A rectangle of characters to draw on. What lies outside of it isn't drawn, so that no line of a
/// figure can be longer than the canvas is wide.
struct TerminalCanvas {
  /// How characters look, where colours are in use.
  struct Pen: Hashable {
    var foreground: Color?
    var background: Color?
    var isBold = false

    static let plain = Pen()
    static let bold = Pen(isBold: true)

    /// The pen of a series.
    init(_ color: SeriesColor) { foreground = color.color(.terminal) }

    init(foreground: Color? = nil, background: Color? = nil, isBold: Bool = false) {
      self.foreground = foreground
      self.background = background
      self.isBold = isBold
    }

    fileprivate var style: TerminalStyle {
      (isBold ? .bold : .plain) + (foreground.map(TerminalStyle.foreground) ?? .plain)
        + (background.map(TerminalStyle.background) ?? .plain)
    }
  }

  private struct Place {
    /// Nothing right of a character that is two columns wide.
    var glyph: Character? = " "
    /// The dots of a braille character.
    var dots: UInt8 = 0
    var pen = Pen.plain

    var character: Character? {
      dots == 0 ? glyph : Character(UnicodeScalar(0x2800 + UInt32(dots))!)
    }
  }

  let width: Int
  private(set) var height: Int
  private var cells: [Place]

  /// An empty canvas; it grows downwards where something is written.
  init(width: Int) {
    self.width = max(1, width)
    height = 0
    cells = []
  }

  private mutating func grow(to row: Int) {
    guard row >= height else { return }
    height = row + 1
    cells += Array(repeating: Place(), count: height * width - cells.count)
  }

  /// Writes text from a place to the right.
  mutating func write(_ text: String, column: Int, row: Int, _ pen: Pen = .plain) {
    guard row >= 0 else { return }
    grow(to: row)
    var column = column
    for character in text.printable {
      let size = character.displayWidth
      guard size > 0 else { continue }
      defer { column += size }
      guard column >= 0, column + size <= width else { continue }
      cells[row * width + column] = Place(glyph: character, pen: pen)
      if size == 2 { cells[row * width + column + 1] = Place(glyph: nil, pen: pen) }
    }
  }

  /// Writes a block of text below what is there, in lines that fit.
  mutating func append(_ text: String, _ pen: Pen = .plain) {
    for line in text.printable.wrapped(width: width) {
      write(line, column: 0, row: height, pen)
    }
  }

  /// Whether nothing is written at a place, on the canvas or beyond it.
  func isBlank(column: Int, row: Int) -> Bool {
    column < 0 || column >= width || isFree(column: column, row: row)
  }

  /// Whether a place on the canvas is free.
  func isFree(column: Int, row: Int) -> Bool {
    guard row < height, column < width, row >= 0, column >= 0 else { return false }
    let cell = cells[row * width + column]
    return cell.dots == 0 && cell.glyph == " "
  }

  /// Sets one of the 2 x 4 dots of a character.
  mutating func dot(x: Int, y: Int, _ pen: Pen) {
    let (column, row) = (x / 2, y / 4)
    guard x >= 0, y >= 0, column < width else { return }
    grow(to: row)
    let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    cells[row * width + column].dots |= bits[y % 4 * 2 + x % 2]
    cells[row * width + column].pen = pen
  }

  /// The rows, without spaces at their ends.
  ///
  /// - Parameter color: whether with the pens' ANSI codes.
  func lines(color: Bool) -> [String] {
    (0..<height).map { row in
      let all = cells[row * width..<(row + 1) * width]
      let end = all.lastIndex { $0.character != " " || (color && $0.pen.background != nil) }
      var line = ""
      var pen = Pen.plain
      for cell in all[..<(end.map { $0 + 1 } ?? all.startIndex)] {
        guard let character = cell.character else { continue }
        if color, cell.pen != pen {
          line += pen.style.end + cell.pen.style.begin
          pen = cell.pen
        }
        line.append(character)
      }
      return line + pen.style.end
    }
  }

  /// The rows as text.
  func text(color: Bool) -> String { lines(color: color).map { $0 + "\n" }.joined() }
}

extension String {
  /// The columns that a line drawn on a canvas takes.
  var columnsWithoutCodes: Int {
    var columns = 0
    var isCode = false
    for character in self {
      if character == "\u{1B}" { isCode = true }
      if !isCode { columns += character.displayWidth }
      if character == "m" { isCode = false }
    }
    return columns
  }
}
