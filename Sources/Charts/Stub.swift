public protocol Figure { var title: String { get }; var description: String { get }
  func svg() -> String; func terminal(width: Int, color: Bool) -> String }
extension Figure { public var description: String { title }; public func svg() -> String { "<svg/>" }; public func terminal(width: Int, color: Bool) -> String { "[\(title)]\n" } }
public struct Point: Hashable, Sendable { let x: Double, y: Double; public init(_ x: Double, _ y: Double) { self.x = x; self.y = y } }
public enum Hue: Sendable, Hashable { case blue, orange, green, purple, sky, red, gray }
public enum SeriesColor: Sendable, Hashable { case hue(Hue), shade(Hue, Double) }
public enum Stroke { case solid, dashed, dotted }
public enum LineWidth { case thin, normal, bold }
public enum Scale { case linear, log }
public enum NumberStyle { case plain, percent }
public enum Palette { case gray, diverging }
public struct Series { public init(_ name: String, _ points: [Point], spread: [ClosedRange<Double>]? = nil, color: SeriesColor? = nil, stroke: Stroke = .solid, width: LineWidth = .normal, markers: Bool = false, labelled: Bool = true) {} }
public struct Axis { public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil, ticks: [Double]? = nil, format: NumberStyle = .plain) {} }
public struct LineChart: Figure { public var title: String; public init(_ title: String, x: Axis, y: Axis, series: [Series], description: String? = nil) { self.title = title } }
public struct ImageGrid: Figure { public var title: String; public init(_ title: String, _ images: [PixelImage], columns: Int, palette: Palette, description: String? = nil) { self.title = title } }
public struct PixelImage { public init(height: Int, width: Int, values: [Float], caption: String) {} }
public struct Panels: Figure { public var title: String; public init(_ title: String, _ panels: [any Figure], description: String? = nil) { self.title = title } }
public struct Column { public enum Alignment { case left, right, center }
  public var name: String, alignment: Alignment
  public init(_ name: String, _ alignment: Alignment = .left) { self.name = name; self.alignment = alignment } }
public struct Table { var columns: [Column]; var rows: [[String]]
  public init(_ columns: [Column], rows: [[String]]) { self.columns = columns; self.rows = rows }
  public func text(width: Int) -> String {
    ([columns.map(\.name)] + rows).map { $0.map { $0 + String(repeating: " ", count: max(0, 12 - $0.count)) }.joined(separator: "  ") }.joined(separator: "\n") }
  public func markdown() -> String {
    "| " + columns.map(\.name).joined(separator: " | ") + " |\n|" + columns.map { $0.alignment == .right ? "---:" : "---" }.joined(separator: "|") + "|\n" + rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") }
}
