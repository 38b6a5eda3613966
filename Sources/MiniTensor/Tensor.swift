/// A dense array of 32-bit floats in row-major order, with the history needed to differentiate it.
///
/// Images are `[batch, height, width, channels]` and filters `[height, width, in, out]`.
///
///     let image = Tensor([1, 8, 8, 1], pixels)
///     let edges = conv2d(image, filter, padding: 1)
///     edges[0, 3, 4, 0]
///
/// A tensor is a value: copies share memory until one of them is changed. A tensor that was
/// computed from a `Parameter` remembers how (see `backward()`); all others remember nothing.
public struct Tensor {
  /// The extent along each axis. A scalar has the shape `[]`.
  public let shape: [Int]
  var storage: Storage
  let node: Node?

  init(shape: [Int], storage: Storage, node: Node?) {
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// A tensor from its elements in row-major order.
  ///
  /// - Precondition: there are as many values as the shape has elements.
  public init(_ shape: [Int], _ values: some Collection<Float>) {
    let count = shape.reduce(1, *)
    precondition(
      values.count == count,
      "The shape \(shape) has \(count) elements, and \(values.count) values were given.")
    self.init(shape: shape, storage: Storage(values), node: nil)
  }

  /// A tensor with the same value everywhere.
  public init(_ shape: [Int], repeating value: Float = 0) {
    let count = shape.reduce(1, *)
    self.init(shape: shape, storage: Storage(repeating: value, count: count), node: nil)
  }

  /// The number of elements.
  public var count: Int { storage.count }

  /// The elements in row-major order.
  public var scalars: [Float] { (0..<count).map { storage.pointer[$0] } }

  /// The only element of a tensor that has just one.
  ///
  /// - Precondition: `count == 1`.
  public var scalar: Float {
    precondition(count == 1, "A tensor of shape \(shape) is not a scalar.")
    return elements[0]
  }

  /// The element at a position, one index an axis.
  ///
  /// - Precondition: every index lies within its axis.
  public subscript(indices: Int...) -> Float {
    get { elements[offset(indices)] }
    set {
      let offset = offset(indices)
      uniqueElements()[offset] = newValue
    }
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(
      indices.count == shape.count, "The shape \(shape) takes \(shape.count) indices: \(indices).")
    var offset = 0
    for (index, extent) in zip(indices, shape) {
      precondition(index >= 0 && index < extent, "\(indices) lies outside the shape \(shape).")
      offset = offset * extent + index
    }
    return offset
  }

  /// The same elements in the same order under another shape. Shares memory; gradients flow through.
  ///
  /// - Precondition: both shapes have the same number of elements.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(
      shape.reduce(1, *) == count, "\(self.shape) can't be reshaped to \(shape): counts differ.")
    let original = self.shape
    return Tensor(shape: shape, storage: storage, node: nil).recorded(from: [self]) {
      [$0.reshaped(original)]
    }
  }

  /// The same elements without a history: gradients stop here.
  public var detached: Tensor { Tensor(shape: shape, storage: storage, node: nil) }

  /// Some rows along the first axis, such as the images of a batch, in the given order. No gradient.
  ///
  /// - Precondition: every row exists.
  public func rows(_ rows: some Collection<Int>) -> Tensor {
    precondition(!shape.isEmpty, "A scalar has no rows.")
    precondition(
      rows.allSatisfy { (0..<shape[0]).contains($0) },
      "There are only \(shape[0]) rows in \(shape).")
    return copied(Array(rows))
  }

  /// The rows of some tensors, one tensor after the other. No gradient.
  ///
  /// - Precondition: there is a tensor, and their shapes differ in the first extent at most.
  public init(rowsOf tensors: [Tensor]) {
    precondition(!tensors.isEmpty, "The rows of no tensor have no shape.")
    let row = Array(tensors[0].shape.dropFirst())
    for tensor in tensors {
      precondition(
        !tensor.shape.isEmpty && Array(tensor.shape.dropFirst()) == row,
        "A tensor of \(tensor.shape) has other rows than the first one, of \(tensors[0].shape).")
    }
    self.init(uninitialized: [tensors.map { $0.shape[0] }.reduce(0, +)] + row)
    var target = freshElements
    for tensor in tensors {
      target.update(from: tensor.elements, count: tensor.count)
      target += tensor.count
    }
  }
}
