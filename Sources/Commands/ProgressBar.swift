import Charts
import Files
import Foundation
import Translation

/// A bar on standard error that shows how far some work is, its rate and the time left.
///
/// It is drawn on a terminal only, at most ten times a second, and erased when the work is done or
/// something else is written there.
public final class ProgressBar {
  private let label: String
  private let total: Int
  private let unit: String
  private let translations: Catalog
  /// Where to draw; `nil` draws nothing.
  private let draw: ((String) -> Void)?
  private let width: () -> Int
  /// Seconds since some fixed moment.
  private let now: () -> Double
  private var begin: Double
  /// What was done before the bar began: it doesn't count for the rate.
  private var before = 0
  private var lastDrawn = -Double.infinity
  private var shownWidth = 0

  /// A bar that is drawn by a function, for a page that writes to the same terminal.
  ///
  /// - Parameters:
  ///   - label: what is being done, in a few words.
  ///   - total: how many there are, at least one.
  ///   - unit: what is counted, in the plural.
  ///   - translations: of what it says of rate and time, and of details. Label and unit come as they are shown.
  ///   - width: the terminal's width in columns at this moment.
  ///   - now: seconds since some fixed moment.
  ///   - draw: writes to the terminal; nil draws nothing.
  public init(
    _ label: String, total: Int, unit: String, translations: Catalog = Catalog(),
    width: @escaping () -> Int,
    now: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime },
    draw: ((String) -> Void)?
  ) {
    self.label = label
    self.total = total
    self.unit = unit
    self.translations = translations
    self.width = width
    self.now = now
    self.draw = draw
    begin = now()
  }

  /// A bar on standard error, drawn if that is a terminal.
  public convenience init(_ label: String, total: Int, unit: String) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    self.init(
      label, total: total, unit: unit, width: { terminalWidth(of: STDERR_FILENO) ?? 80 },
      draw: isTerminal
        ? { try? writeAll(Data($0.utf8), to: STDERR_FILENO, called: "Standard error") } : nil)
  }

  deinit { erase() }

  /// Begins to measure the rate here.
  ///
  /// - Parameter done: what earlier sessions did of the total.
  public func begin(at done: Int) { (before, begin) = (done, now()) }

  /// Shows that `done` of the total are done.
  ///
  /// - Parameters:
  ///   - done: from 0 to the total.
  ///   - detail: what else to show, such as the loss.
  public func advance(to done: Int, detail: String = "") {
    guard let draw else { return }
    let time = now()
    guard time - lastDrawn >= 0.1 else { return }
    lastDrawn = time
    // A full line would wrap on some terminals and leave its first half behind.
    let text = line(
      done: done, after: time - begin, detail: translations.plain(detail, .detail),
      width: width() - 1)
    let rest = String(repeating: " ", count: max(0, shownWidth - text.displayWidth))
    draw("\r" + text + rest)
    shownWidth = text.displayWidth
  }

  /// Takes the bar off the terminal.
  public func finish() { erase() }

  /// Clears the line, so that something else can be written there; the next advance draws again.
  public func erase() {
    guard let draw, shownWidth > 0 else { return }
    draw("\r" + String(repeating: " ", count: shownWidth) + "\r")
    shownWidth = 0
    lastDrawn = -Double.infinity
  }

  /// The bar's line: what matters most survives on a narrow terminal.
  func line(done: Int, after seconds: Double, detail: String, width: Int) -> String {
    let count = "\(done)/\(total) \(unit)"
    var (rate, left) = ("", "")
    let own = Double(done - before)
    if own > 0, seconds > 0 {
      rate = words(rate: own / seconds)
      left = translations.words("{1} left", words(seconds: seconds / own * Double(total - done)))
    }
    let fraction = min(1, max(0, Double(done) / Double(total)))
    let variants = [
      ([label], [count, rate, left, detail]), ([label], [count, left, detail]),
      ([label], [left, detail]), ([label], [count, rate, left]), ([label], [count]), ([], [count]),
    ]
    for (before, after) in variants {
      let texts = (before + after).filter { !$0.isEmpty }
      let room = width - texts.reduce(0) { $0 + $1.displayWidth + 2 }
      guard room >= 10 else { continue }
      let parts = before + [ProgressBar.bar(fraction, width: min(room, 30))] + after
      return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }
    var room = width
    return String(
      count.prefix { character in
        room -= character.displayWidth
        return room >= 0
      })
  }

  private static func bar(_ fraction: Double, width: Int) -> String {
    let halves = Int((fraction * Double(2 * width)).rounded(.down))
    let full = String(repeating: "━", count: halves / 2)
    let half = halves % 2 == 1 ? "╸" : ""
    return full + half + String(repeating: "┄", count: width - halves / 2 - half.count)
  }

  private func words(rate perSecond: Double) -> String {
    perSecond >= 1
      ? translations.words("{1}/s", ProgressBar.short(perSecond))
      : translations.words("{1} s each", ProgressBar.short(1 / perSecond))
  }

  /// One decimal while it says something.
  private static func short(_ value: Double) -> String {
    value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
  }

  private func words(seconds: Double) -> String {
    let whole = Int(min(seconds, 3_600_000).rounded(.up))
    if whole < 60 { return translations.words("{1} s", "\(whole)") }
    if whole < 3600 {
      return translations.words("{1} min {2} s", "\(whole / 60)", "\(whole % 60)")
    }
    return translations.words("{1} h {2} min", "\(whole / 3600)", "\(whole % 3600 / 60)")
  }
}

/// The width of the terminal that a stream is connected to, in columns; nil if it isn't one.
public func terminalWidth(of stream: Int32) -> Int? {
  var size = winsize()
  guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}

/// The width that a table on standard output fits, in columns: that of the terminal, and 80 for what goes
/// elsewhere.
public var pageWidth: Int { terminalWidth(of: STDOUT_FILENO) ?? 80 }
