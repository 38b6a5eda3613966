import Commands
import Foundation

/// What can be tried in the page: fragments of HTML for some pages, a script and a style for them.
enum Playground {
  /// What stands at the end of a section of a page, or nil.
  ///
  /// - Parameters:
  ///   - page: its name, such as `06-degradation`; that of the first page is `index`.
  ///   - section: the anchor of the section's heading, the same in all languages.
  static func fragment(page: String, section: String, language: Language) -> String? {
    guard made != nil else { return nil }
    let own = widgets.filter { $0.page == page && $0.section == section }
    return own.isEmpty ? nil : own.map { $0.html(in: language) }.joined(separator: "\n")
  }

  /// HTML with a sentence in the place of each fragment.
  ///
  /// - Parameter sentence: gives it for the fragment's anchor and its name.
  static func replaced(
    in html: String, by sentence: (_ id: Substring, _ name: Substring) -> String
  ) -> String {
    let place =
      /<div class="playground-place" id="([^"]*)" role="region" aria-label="([^"]*)">(?s).*?<\/div>\n<\/div>/
    return html.replacing(place) { sentence($0.output.1, $0.output.2) }
  }

  /// The file `playground.js`, which is loaded by pages that have a fragment; nil if there is none.
  static func script() throws -> String? {
    guard let made else { return nil }
    let data = try PlaygroundData(wasm: made)
    return try data.script + text("words.js") + text("playground.js")
  }

  /// Rules that are added to the book's style sheet.
  static var style: String { (try? text("playground.css")) ?? "" }

  /// The module, compiled once; nil where it can't be, which is said.
  private static let made: Data? = {
    do {
      return try PlaygroundBuild(package: ChapterFolder.package).module()
    } catch {
      tell("The book has no playground: \(error)")
      return nil
    }
  }()

  private static func text(_ name: String) throws -> String {
    try String(
      contentsOf: PlaygroundBuild.sources(in: ChapterFolder.package).appendingPathComponent(name),
      encoding: .utf8)
  }

  /// Where something can be tried.
  fileprivate struct Widget {
    let page: String
    let section: String
    let kind: Kind
    /// Of the networks that are trained.
    var depth: Int?

    /// What can be done with it; `playground.js` knows it under this name.
    enum Kind: String {
      case train, convolve, draw, operate
    }

    func html(in language: Language) -> String {
      let (name, invitation) = language == .korean ? kind.korean : kind.english
      let depth = depth.map { " data-depth=\"\($0)\"" } ?? ""
      let needs =
        language == .korean
        ? "자바스크립트와 WebAssembly가 있어야 움직입니다. 그림은 그것 없이도 볼 수 있습니다."
        : "It needs JavaScript and WebAssembly. The figures are there without them."
      return """
        <div class="playground-place" id="playground-\(kind.rawValue)" role="region" aria-label="\(name)">
        <p class="pg-title"><strong>\(name).</strong> \(invitation)</p>
        <div class="playground" data-kind="\(kind.rawValue)"\(depth)><p>\(needs)</p></div>
        </div>
        """
    }
  }

  private static let widgets = [
    Widget(page: "index", section: "resnet-by-hand", kind: .train, depth: 56),
    Widget(page: "index", section: "resnet-by-hand", kind: .draw),
    Widget(page: "01-naive-loops", section: "stride-and-padding", kind: .convolve),
    Widget(
      page: "01-naive-loops", section: "why-deep-networks-are-stacks-of-these", kind: .draw),
    Widget(page: "06-degradation", section: "do-the-gradients-vanish", kind: .train, depth: 44),
    Widget(
      page: "07-residual-block", section: "what-the-identity-in-the-derivative-does", kind: .train,
      depth: 32),
    Widget(page: "09-plain-against-residual", section: "what-came-out", kind: .train, depth: 56),
    Widget(page: "10-why-it-works", section: "deleted-and-exchanged-blocks", kind: .operate),
  ]
}

extension Playground.Widget.Kind {
  fileprivate var english: (name: String, invitation: String) {
    switch self {
    case .train:
      (
        "Train two networks here",
        "A plain and a residual network of the same depth learn the digits side by side, in your browser. Choose, and "
          + "press Start. A box is a convolution, and the stronger its colour, the larger its gradient."
      )
    case .convolve:
      (
        "Step a convolution here",
        "One pixel of the output after the other: the nine pixels that it sees, times the nine weights, added up."
      )
    case .draw:
      (
        "Draw a digit here",
        "A trained ResNet-20 says which digit it sees, and shows what each of its stages makes of it."
      )
    case .operate:
      (
        "Operate on a network here",
        "Take blocks out of a trained ResNet-20, or exchange them, and watch the error on the test digits."
      )
    }
  }

  fileprivate var korean: (name: String, invitation: String) {
    switch self {
    case .train:
      (
        "여기서 두 네트워크를 훈련하세요",
        "깊이가 같은 일반 네트워크와 잔차 네트워크가 브라우저 안에서 나란히 숫자를 배웁니다. 설정을 고르고 시작을 누르세요. "
          + "상자 하나가 합성곱 하나이고, 색이 짙을수록 기울기가 큽니다."
      )
    case .convolve:
      (
        "여기서 합성곱을 한 단계씩 해 보세요",
        "출력의 픽셀을 하나씩 계산합니다. 그 픽셀이 보는 픽셀 아홉 개에 가중치 아홉 개를 곱해 더합니다."
      )
    case .draw:
      (
        "여기에 숫자를 그려 보세요",
        "훈련된 ResNet-20이 어떤 숫자로 보이는지 답하고, 스테이지마다 무엇을 만드는지 보여 줍니다."
      )
    case .operate:
      (
        "여기서 네트워크를 수술해 보세요",
        "훈련된 ResNet-20의 블록을 빼거나 서로 바꾸고, 테스트 세트의 오차가 어떻게 되는지 보세요."
      )
    }
  }
}
