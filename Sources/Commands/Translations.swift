import Charts
import Files
import Foundation
import Translation

extension Catalog {
  /// The translations of a chapter: its own beside its source, and in the folder above what chapters share.
  ///
  /// - Parameters:
  ///   - language: the reader's; for English there are none.
  ///   - source: the chapter's source file.
  ///   - warn: is told which file can't be read; the reader gets English then.
  public init(_ language: Language, ofChapterAt source: String, warn: (String) -> Void) {
    guard language == .korean else {
      self.init()
      return
    }
    let folder = URL(fileURLWithPath: source).deletingLastPathComponent()
    let files = [folder, folder.deletingLastPathComponent()].compactMap { folder -> POFile? in
      let file = folder.appendingPathComponent("ko.po")
      // A chapter that nobody has translated is read in English.
      guard FileManager.default.fileExists(atPath: file.path) else { return nil }
      do {
        return try POFile(Data(contentsOf: file))
      } catch {
        warn("The translations in \(file.path) can't be read: \(explanation(of: error))")
        return nil
      }
    }
    self.init(files)
  }

  /// Text that a program computed and that is no Markdown, in the catalog's language if it has it; translated
  /// is what the page that is woven shows of it.
  public func plain(_ text: String, _ kind: Message.Kind) -> String {
    if isEmpty { return text }
    guard let found = self[Message(plain: text, kind)] else { return text }
    return found.replacing("<br>", with: "\n").unescapedFromMarkdown
  }
}

extension Message {
  /// Text that a program computed and that is no Markdown, as the page that is woven shows it.
  public init(plain text: String, _ kind: Kind) {
    let escaped = text.escapedForMarkdown.split(whereSeparator: \.isNewline)
    self.init(computed: escaped.joined(separator: "<br>"), kind)
  }
}
