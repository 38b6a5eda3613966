import ExerciseKit

/// Exercise 1 of chapter 15. Cut an image into patches.
///
/// A Vision Transformer makes a token of each patch: a square of pixels. The squares lie side by side. Give a row
/// for each patch, from left to right and then down, with its pixels in the same order.
///
/// The image `[[1, 2, 3, 4], [5, 6, 7, 8]]` has two patches of 2x2: `[1, 2, 5, 6]` and `[3, 4, 7, 8]`.
///
/// - Parameters:
///   - image: at least one row of pixels, all of one length; not always a square. Both extents are multiples of
///     `side`.
///   - side: pixels along each side of a patch, at least 1.
/// - Returns: a row of `side` · `side` numbers for each patch.
func patches(image: [[Double]], side: Int) throws -> [[Double]] {
  // solution
  var result: [[Double]] = []
  for top in stride(from: 0, to: image.count, by: side) {
    for left in stride(from: 0, to: image[0].count, by: side) {
      var patch: [Double] = []
      for row in 0..<side {
        for column in 0..<side { patch.append(image[top + row][left + column]) }
      }
      result.append(patch)
    }
  }
  return result
  // end of solution
}

// wrong: The patches go down first
// -   for top in stride(from: 0, to: image.count, by: side) {
// -     for left in stride(from: 0, to: image[0].count, by: side) {
// +   for left in stride(from: 0, to: image[0].count, by: side) {
// +     for top in stride(from: 0, to: image.count, by: side) {
// wrong: Inside a patch the pixels go down first
// - image[top + row][left + column]
// + image[top + column][left + row]
// wrong: into pieces of
// -       for row in 0..<side {
// -         for column in 0..<side { patch.append(image[top + row][left + column]) }
// -       }
// +       let all = image.flatMap { $0 }
// +       for index in 0..<side * side { patch.append(all[result.count * side * side + index]) }
// +       _ = (top, left)
// wrong: Those patches overlap
// -   for top in stride(from: 0, to: image.count, by: side) {
// -     for left in stride(from: 0, to: image[0].count, by: side) {
// +   for top in stride(from: 0, through: image.count - side, by: 1) {
// +     for left in stride(from: 0, through: image[0].count - side, by: 1) {
// wrong: a patch is made of neighbours
// - image[top + row][left + column]
// + image[row * (image.count / side) + top / side][column * (image[0].count / side) + left / side]
// wrong: both go down first
// -   for top in stride(from: 0, to: image.count, by: side) {
// -     for left in stride(from: 0, to: image[0].count, by: side) {
// -       var patch: [Double] = []
// -       for row in 0..<side {
// -         for column in 0..<side { patch.append(image[top + row][left + column]) }
// -       }
// +   for left in stride(from: 0, to: image[0].count, by: side) {
// +     for top in stride(from: 0, to: image.count, by: side) {
// +       var patch: [Double] = []
// +       for column in 0..<side {
// +         for row in 0..<side { patch.append(image[top + row][left + column]) }
// +       }
// wrong: Begin at the top
// - stride(from: 0, to: image.count, by: side) {
// + stride(from: 0, to: image.count, by: side).reversed() {
// wrong: begin only one pixel apart
// - image[top + row][left + column]
// + image[top / side + row][left / side + column]
// wrong: along the top only
// - stride(from: 0, to: image.count, by: side)
// + stride(from: 0, to: side, by: side)
// wrong: The last patches are missing
// -   for top in stride(from: 0, to: image.count, by: side) {
// -     for left in stride(from: 0, to: image[0].count, by: side) {
// +   for top in stride(from: 0, to: image.count - side, by: side) {
// +     for left in stride(from: 0, to: image[0].count - side, by: side) {
// wrong: taken for a square
// - to: image[0].count, by: side
// + to: image.count, by: side
// wrong: a row for each row of pixels
// -         for column in 0..<side { patch.append(image[top + row][left + column]) }
// -       }
// -       result.append(patch)
// +         for column in 0..<side { patch.append(image[top + row][left + column]) }
// +         result.append(patch)
// +         patch = []
// +       }
// wrong: pieces of the image's rows
// -   for top in stride(from: 0, to: image.count, by: side) {
// -     for left in stride(from: 0, to: image[0].count, by: side) {
// -       var patch: [Double] = []
// -       for row in 0..<side {
// +   for top in image.indices {
// +     for left in stride(from: 0, to: image[0].count, by: side) {
// +       var patch: [Double] = []
// +       for row in 0..<1 {
// wrong: All patches are in one row
// -   return result
// +   return [result.flatMap { $0 }]
// wrong: those before it
// -       var patch: [Double] = []
// +       var patch = result.last ?? []
// wrong: how many pixels a patch has
// -   for top in stride(from: 0, to: image.count, by: side) {
// -     for left in stride(from: 0, to: image[0].count, by: side) {
// -       var patch: [Double] = []
// -       for row in 0..<side {
// -         for column in 0..<side { patch.append(image[top + row][left + column]) }
// +   let (high, wide) = (image.count / side, image[0].count / side)
// +   for top in stride(from: 0, to: image.count, by: high) {
// +     for left in stride(from: 0, to: image[0].count, by: wide) {
// +       var patch: [Double] = []
// +       for row in 0..<high {
// +         for column in 0..<wide { patch.append(image[top + row][left + column]) }
// wrong: a row for each place in a patch
// -   return result
// +   return result[0].indices.map { place in result.map { $0[place] } }
