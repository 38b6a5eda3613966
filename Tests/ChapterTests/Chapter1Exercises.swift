import Notebook
import Testing

@testable import chapter1

@Suite("Exercises of chapter 1")
struct Chapter1Exercises {
  private let ninth = [Float](repeating: 1 / 9, count: 9)

  @Test("1: the tap left of the centre moves to the right, equal taps blur")
  func filters() throws {
    #expect(try moveAndBlurHolds { ([0, 0, 0, 1, 0, 0, 0, 0, 0], ninth) })
    #expect(try !moveAndBlurHolds { ([0, 0, 0, 0, 0, 1, 0, 0, 0], ninth) })
    #expect(throws: Unsolved(1)) { try moveAndBlurHolds(moveAndBlur) }
  }

  @Test("2: each layer adds its kernel less one, times the strides before it")
  func field() throws {
    func width(_ layers: [(kernel: Int, stride: Int)], grows: Bool) -> Int {
      var (width, step) = (1, 1)
      for layer in layers {
        width += (layer.kernel - 1) * step
        if grows { step *= layer.stride }
      }
      return width
    }
    #expect(try receptiveFieldHolds { width($0, grows: true) })
    #expect(try !receptiveFieldHolds { width($0, grows: false) })
    #expect(throws: Unsolved(2)) { try receptiveFieldHolds(receptiveField) }
  }
}
