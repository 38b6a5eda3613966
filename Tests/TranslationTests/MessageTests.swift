import Testing

@testable import Translation

@Suite("Messages of programs")
struct MessageTests {
  @Test("A text in quotation marks is a message, whose values have placeholders")
  func literal() {
    let (reach, shape) = (5, [2, 3])
    let message: Message = "The filter reaches over \(reach) pixels of \(shape), not \(0.5)."
    #expect(message.id == "The filter reaches over {1} pixels of {2}, not {3}.")
    #expect(message.numbers == ["5", "[2, 3]", "0.5"])
    #expect(message.text == "The filter reaches over 5 pixels of [2, 3], not 0.5.")
    let plain: Message = "Nothing is put in."
    #expect(plain == .words("Nothing is put in."))
    #expect(Message.words("{1} of {2}", "3", "4").text == "3 of 4")
  }

  @Test("It is said in the catalog's language, in the order that this needs")
  func korean() {
    let korean = ["{1} of {2} are missing.": "{2}개 가운데 {1}개가 없습니다.", "{1} left": "남음"]
    let catalog = Catalog([POFile(entries: korean.map { .init($0, $1) })])
    #expect(catalog.text(of: "\(3) of \(8) are missing.") == "8개 가운데 3개가 없습니다.")
    #expect(catalog.text(of: "Nobody translated this.") == "Nobody translated this.")
    // A translation that loses a value isn't shown.
    #expect(catalog.text(of: "\(2) left") == "2 left")
    #expect(Catalog().text(of: "\(3) of \(8) are missing.") == "3 of 8 are missing.")
  }
}
