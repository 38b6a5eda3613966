/// The extents of a convolution: shapes of images, filters and result.
struct Convolution {
  let (input, filters, output): ([Int], [Int], [Int])
  let (stride, padding): (Int, Int)

  init(_ input: [Int], _ filters: [Int], stride: Int, padding: Int) {
    (self.input, self.filters, self.stride, self.padding) = (input, filters, stride, padding)
    func size(_ axis: Int) -> Int { (input[1 + axis] + 2 * padding - filters[axis]) / stride + 1 }
    output = [input[0], size(0), size(1), filters[3]]
  }
}
