import Testing

@testable import Translation

@Suite("Bringing translations up to date")
struct UpdateTests {
  private func messages(_ texts: String...) -> [Message] { texts.map { Message($0, .paragraph) } }

  private let sentence = "A network learns by changing each of its numbers a little."

  @Test("A new message has no translation, and one that is there keeps it")
  func kept() {
    let file = POFile().updated(with: messages("One.", "Two.", "One."))
    #expect(file.header == POFile.koreanHeader)
    #expect(file.entries.map(\.id) == ["One.", "Two."])
    var translated = file
    translated.entries[1].translation = "둘."
    translated.entries[1].remarks = ["checked"]
    let updated = translated.updated(with: messages("Zero.", "Two."))
    #expect(updated.entries.map(\.id) == ["Zero.", "Two."])
    #expect(updated.entries[1] == translated.entries[1])
  }

  @Test("A changed message gets the old translation, fuzzy, with the old message beside it")
  func changed() throws {
    let changed = "A network learns by changing all of its numbers a little."
    let file = POFile(entries: [.init(sentence, "번역"), .init("Another thing altogether.", "다른 것")])
    let updated = file.updated(with: messages(changed))
    #expect(updated.entries[0].isFuzzy)
    #expect(updated.entries[0].previous == sentence)
    #expect(updated.entries[0].translation == "번역")
    // Shown is the English text.
    #expect(Page(changed).translated(by: Catalog([updated])) == changed)
    // What is gone is kept, and comes back with its message.
    #expect(updated.entries[1].isObsolete)
    let back = try POFile(updated.text).updated(with: messages("Another thing altogether."))
    #expect(back.entries[0].translation == "다른 것")
    #expect(!back.entries[0].isObsolete && !back.entries[0].isFuzzy)
  }

  @Test("A message that moved to another page brings its translation along")
  func moved() {
    let elsewhere = [sentence: POFile.Entry(sentence, "번역")]
    let updated = POFile().updated(with: messages(sentence), elsewhere: elsewhere)
    #expect(updated.entries[0].translation == "번역")
    #expect(!updated.entries[0].isFuzzy)
  }

  @Test("A second update changes nothing")
  func idempotent() {
    let file = POFile(entries: [.init(sentence, "번역"), .init("Gone away for good.", "감")])
    let all = [Message(computed: "3 of 4", .detail)] + messages(sentence + " Yes.")
    let once = file.updated(with: all)
    #expect(once.updated(with: all) == once)
    #expect(once.entries[0].flags == ["python-brace-format"])
  }
}

@Suite("What is wrong with a translation")
struct FaultTests {
  @Test(
    "What has to be taken over and isn't is told",
    arguments: [
      ("{1} of {2}", "{1}", "the placeholder {2} is missing"),
      ("{1} of it", "{1} {2}", "the placeholder {2} isn't in"),
      ("with $`x_1`$", "함께", "the formula $`x_1`$ is missing"),
      ("with $x$", "$y$", "the formula $y$ isn't in"),
      ("call `f(x)`", "부름", "the code `f(x)` is missing"),
      ("see [this](a.md#b)", "[이것](a.md#다)", "the link to a.md#b is missing"),
      ("see it", "# 봐", "begins with"),
      ("see it", "1. 봐", "begins with"),
      ("see it", "봐\n봐", "a line break"),
      ("see it", " 봐", "a space at its"),
      ("the *loss* (L)", "*손실(L)*은", "emphasis"),
      ("the *loss*", "*손실은", "emphasis"),
      ("**`x`** is", "**`x`**는", "emphasis"),
      ("a <br> b", "가", "the tag <br> is missing"),
    ])
  func faults(message: String, translation: String, fault: String) {
    let faults = Markup.faults(of: translation, for: message)
    #expect(faults.contains { $0.contains(fault) }, "\(faults)")
  }

  @Test(
    "A sound translation has no fault",
    arguments: [
      ("the *loss* $`L`$ of `f`, twice", "`f`의 손실 $`L`$, `f`의 *손실*은"),
      ("**1** and $`\\hat x`$", "**1**과 $`\\hat x`$"),
      ("(the *first*)", "(*첫째*)"),
      ("1. is first", "1. 첫째"), ("a \\* b", "가 \\* 나"),
    ])
  func sound(message: String, translation: String) {
    #expect(Markup.faults(of: translation, for: message) == [])
  }

  private let glossary = """
    | term | Korean | meaning |
    |---|---|---|
    | weight | 가중치 | … |
    | weight decay | 가중치 감쇠(가중치 감소) | … |
    | fully connected layer (linear layer) | 완전 연결 층(선형 층) | … |
    | training set, test set | 훈련 세트, 테스트 세트 | … |
    | degradation | 성능 저하(degradation) 문제 | … |
    | loss | 손실 | … |
    | batch | 배치(미니배치) | … |
    """

  private func faults(_ id: String, _ translation: String, _ remarks: [String] = []) -> [String] {
    var entry = POFile.Entry(id, translation)
    entry.remarks = remarks
    return Term.faults(of: entry, Term.read(glossary))
  }

  @Test("A term has to be one of its forms, whatever spaces and particles are around it")
  func terms() {
    #expect(faults("Weight decay helps.", "가중치감소는 도움이 된다.") == [])
    #expect(faults("Weight decay helps.", "가중치는 도움이 된다.").count == 1)
    #expect(faults("A linear layer", "선형층이").isEmpty)
    #expect(faults("Test sets", "훈련 세트").count == 1)
    #expect(faults("the degradation", "성능 저하가").isEmpty)
    #expect(faults("batches", "묶음").count == 1)
    #expect(faults("weighted, glossary, `loss`, lossless", "없음").isEmpty)
    #expect(faults("the loss of a block", "블록을 잃으면").count == 1)
    #expect(faults("the loss of a block", "블록을 잃으면", ["other sense: loss"]).isEmpty)
  }

  @Test("A status counts each message once, and a page with nothing left to do is complete")
  func status() {
    let messages = ["One.", "Two.", "Three.", "One."].map { Message($0, .paragraph) }
    var fuzzy = POFile.Entry("Two.", "둘.")
    fuzzy.flags = ["fuzzy"]
    let file = POFile(entries: [.init("One.", "하나."), fuzzy])
    let status = Status(of: messages, in: [file])
    #expect((status.translated, status.fuzzy, status.missing) == (1, 1, 1))
    #expect(!status.isComplete)
    #expect(Status(of: [messages[0]], in: [file]).isComplete)
    let wrong = POFile(entries: [.init("One.", "`하나`.")])
    #expect(!Status(of: [messages[0]], in: [wrong]).isComplete)
  }
}
