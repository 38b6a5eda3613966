/// A language of the book.
enum Language: String, CaseIterable {
  case english = "en"
  case korean = "ko"

  /// What the page says around its text.
  var words: Words { self == .english ? .english : .korean }

  /// Its name, in itself.
  var name: String { self == .english ? "English" : "한국어" }
}

/// What the pages say around their text, in one language.
struct Words {
  let book: String
  let contents: String
  let skip: String
  let search: String
  let searchHint: String
  /// With `{0}` for their number.
  let found: String
  let nothingFound: String
  let close: String
  let colours: String
  let asSystem: String
  let light: String
  let dark: String
  let copy: String
  let copied: String
  let previous: String
  let next: String
  let chapter: String
  let start: String
  let glossary: String
  let questions: String
  let teaching: String
  let performance: String
  let store: String
  let claims: String
  let onePage: String
  /// Where something can be tried, on the page of everything; with `{0}` for a link.
  let tryElsewhere: String
  let passed: String
  let linkToCheck: String
  let compare: String
  let asExpected: String
  /// With `{0}` for the reader's answer.
  let otherwise: String
  let hint: String
  let begin: String
  let grade: String
  let minutes: String
  let difficulties: [String: String]
  let exploreFigure: String
  let linear: String
  let logarithmic: String
  let series: String
  let scale: String
  let dashed: String
  /// Which seeds a figure shows.
  let shownSeed: String
  /// One of them, with `{0}` for its number.
  let seed: String
  let mean: String
  let allSeeds: String
  let figureHelp: String
  let allTerms: String
  let english: String
  /// With `{0}` for the number of checks.
  let claimsNote: String
  let claim: String
  let measured: String
  let seeds: String
  let nothingRandom: String
  let fault: String
  let line: String
  let paper: String
  /// How a part of the paper is cited, with `{0}` for its number.
  let citations: [String: String]

  static let english = Words(
    book: "ResNet by Hand", contents: "Contents", skip: "Skip to the text", search: "Search",
    searchHint: "Words of a heading, the text or the glossary", found: "{0} places",
    nothingFound: "Nothing found.", close: "Close", colours: "Colours", asSystem: "as the system",
    light: "light", dark: "dark", copy: "Copy", copied: "Copied", previous: "Previous",
    next: "Next", chapter: "Chapter", start: "Introduction", glossary: "Glossary",
    questions: "Questions", teaching: "Teaching", performance: "Performance", store: "The store",
    claims: "Index of claims", onePage: "All on one page",
    tryElsewhere: "On a page of its own, this part has something to try: {0}.", passed: "Passed",
    linkToCheck: "link to this check", compare: "Compare with the answer",
    asExpected: "You expected that, too.", otherwise: "You expected: {0}.", hint: "Hint",
    begin: "What you begin with", grade: "Write it in {0}, and let it be graded:",
    minutes: "minutes", difficulties: ["easy": "easy", "medium": "medium", "hard": "hard"],
    exploreFigure: "Explore", linear: "linear", logarithmic: "logarithmic", series: "Lines shown",
    scale: "Vertical axis", dashed: "dashed", shownSeed: "Seed shown", seed: "seed {0}",
    mean: "mean of all", allSeeds: "all of them",
    figureHelp: "Values of the figure: arrow keys move along a line and between lines",
    allTerms: "All terms", english: "(in English)",
    claimsNote: """
      All {0} checks of the chapters, gathered from their pages when this book was built. Each is made by a line of \
      the chapter's program whenever it runs, and each is proved able to fail: the fault beside it, planted in the \
      code, has to make it fail. Times and rates are those of the machine that wove the page.
      """,
    claim: "Claim", measured: "What was measured", seeds: "Seeds", nothingRandom: "nothing random",
    fault: "The fault that fails it", line: "Line", paper: "In the paper",
    citations: [
      "section": "section {0}", "figure": "figure {0}", "table": "table {0}",
      "equation": "equation {0}", "theorem": "theorem {0}",
    ])

  static let korean = Words(
    book: "ResNet by Hand", contents: "차례", skip: "본문으로 건너뛰기", search: "찾기",
    searchHint: "제목, 본문, 용어집의 낱말", found: "{0}곳", nothingFound: "찾은 것이 없습니다.",
    close: "닫기", colours: "색", asSystem: "시스템 설정", light: "밝게", dark: "어둡게",
    copy: "복사", copied: "복사했습니다", previous: "이전", next: "다음", chapter: "장", start: "소개",
    glossary: "용어집", questions: "질문", teaching: "가르치기", performance: "성능", store: "저장소",
    claims: "주장 찾아보기", onePage: "한 쪽에 모두 보기",
    tryElsewhere: "이 부분만 따로 실린 쪽에서 직접 해 볼 수 있습니다: {0}.", passed: "통과",
    linkToCheck: "이 점검으로 가는 링크",
    compare: "답과 비교하기", asExpected: "예상과 같습니다.", otherwise: "예상한 답: {0}.", hint: "힌트",
    begin: "처음에 주어지는 코드", grade: "{0}에 쓰고 채점합니다.", minutes: "분",
    difficulties: ["easy": "쉬움", "medium": "보통", "hard": "어려움"], exploreFigure: "살펴보기",
    linear: "선형", logarithmic: "로그", series: "보이는 선", scale: "세로축", dashed: "점선",
    shownSeed: "보이는 시드", seed: "시드 {0}", mean: "전체의 평균", allSeeds: "모든 시드",
    figureHelp: "그림의 값: 화살표 키로 선을 따라가거나 다른 선으로 옮겨 갑니다", allTerms: "용어 전체",
    english: "(영어)",
    claimsNote: """
      책을 만들 때 각 쪽에서 모은, 모든 장의 점검 {0}개입니다. 점검은 그 장의 프로그램에 한 줄씩 있어 실행할 때마다 이루어지며, 실패할 수 \
      있다는 것도 증명되어 있습니다. 옆에 적힌 결함을 코드에 심으면 그 점검은 실패해야 합니다. 시간과 속도는 쪽을 만든 컴퓨터에서 잰 것입니다.
      """,
    claim: "주장", measured: "측정한 값", seeds: "시드 수", nothingRandom: "난수 없음",
    fault: "점검을 실패하게 하는 결함", line: "줄", paper: "논문에서",
    citations: [
      "section": "{0}절", "figure": "그림 {0}", "table": "표 {0}", "equation": "식 {0}",
      "theorem": "정리 {0}",
    ])
}
