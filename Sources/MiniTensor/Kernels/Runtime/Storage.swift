/// The floats of a tensor: a buffer of the device's cache, given back when the last tensor is gone.
///
/// Tensors share storage and copy it before they write (`Tensor.withMutableBuffer`).
final class Storage {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>
  private let cache: BufferCache

  /// A buffer of `count` floats with whatever was in it before: for results that are written in full.
  init(uninitialized count: Int) {
    self.count = count
    cache = Device.current.cache
    pointer = cache.take(count)
  }

  convenience init(repeating value: Float, count: Int) {
    self.init(uninitialized: count)
    pointer.update(repeating: value, count: count)
  }

  convenience init(_ values: some Collection<Float>) {
    self.init(uninitialized: values.count)
    // An array is copied in one piece: for callers in other modules the loop below isn't specialised, and
    // took 75 ms for a batch of 128 images of CIFAR-10, more than half as long as a training step.
    let isCopied: Void? = values.withContiguousStorageIfAvailable { source in
      if let first = source.baseAddress { pointer.update(from: first, count: source.count) }
    }
    if isCopied != nil { return }
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit { cache.give(pointer, count) }
}

extension Tensor {
  /// A result whose every element the caller is about to write.
  init(uninitialized shape: [Int]) {
    self.init(shape: shape, storage: Storage(uninitialized: shape.reduce(1, *)), node: nil)
  }

  /// Where the elements are, to read. Valid while the tensor is.
  var elements: UnsafePointer<Float> { UnsafePointer(storage.pointer) }

  /// Where the elements are, to write: only for a tensor that nobody else has seen yet.
  var freshElements: UnsafeMutablePointer<Float> { storage.pointer }

  /// The memory of this tensor, for a result that is written where each element is read, if no other
  /// tensor shares it; otherwise a new tensor.
  mutating func reusedOrNew() -> Tensor {
    isKnownUniquelyReferenced(&storage) ? detached : Tensor(uninitialized: shape)
  }

  /// These rows along the first axis, which exist.
  func copied(_ rows: [Int]) -> Tensor {
    let size = count / max(shape[0], 1)
    let result = Tensor(uninitialized: [rows.count] + shape.dropFirst())
    for (position, row) in rows.enumerated() {
      (result.freshElements + position * size).update(from: elements + row * size, count: size)
    }
    return result
  }

  /// Where the elements are, to write, after making sure that no other tensor shares them.
  mutating func uniqueElements() -> UnsafeMutablePointer<Float> {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(uninitialized: count)
      copy.pointer.update(from: storage.pointer, count: count)
      storage = copy
    }
    return storage.pointer
  }
}

/// Cuts `count` elements into chunks of a fixed size and calls `body` with each range, on all threads.
///
/// - Parameter chunk: elements a chunk; a constant of the kernel, so that results don't depend on
///   the number of threads. Work below one chunk stays on the calling thread.
@inline(__always)
func inChunks(of chunk: Int, _ count: Int, _ body: (Range<Int>) -> Void) {
  let chunks = (count + chunk - 1) / chunk
  Device.current.workers.forEach(chunks) { index in
    body(index * chunk..<min(count, (index + 1) * chunk))
  }
}
