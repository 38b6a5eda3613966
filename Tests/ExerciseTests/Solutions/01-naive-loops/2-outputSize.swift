import ExerciseKit
import MiniTensor

/// Exercise 2 of chapter 1. How many places a filter has.
///
/// The chapter counts them along one axis: there are `input` pixels, with `padding` zeros on each
/// side, and a filter of `kernel` numbers takes steps of `stride` pixels.
///
/// Here the filter may be spread as well. With a *dilation* of d its numbers lie d pixels apart, so it
/// sees farther and has no more numbers to learn. Three numbers with dilation 2 are `#.#.#`, and what
/// lies below a dot is left out. Dilation 1 is the filter of the chapter.
///
/// For example, 7 pixels with padding 1 are a row of 9. Three numbers with dilation 2 reach over 5 of
/// them. With stride 2 they begin at 0, 2 and 4: three places.
///
/// - Parameters:
///   - input: pixels in the row, at least 1.
///   - kernel: numbers in the filter, at least 1.
///   - stride: pixels per step, at least 1.
///   - padding: zeros on each side, at least 0.
///   - dilation: pixels from one number of the filter to the next, at least 1.
/// - Returns: how many places the filter can stand at without sticking out of the padded row: 0 if it
///   doesn't fit in at all.
func outputSize(
  input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int
) throws -> Int {
  // solution
  let reach = (kernel - 1) * dilation + 1
  let row = input + 2 * padding
  guard reach <= row else { return 0 }
  return (row - reach) / stride + 1
  // end of solution
}

// wrong: also stands where it begins
// - / stride + 1
// + / stride
// wrong: on both sides
// - input + 2 * padding
// + input + padding
// wrong: one gap less than numbers
// - (kernel - 1) * dilation + 1
// + kernel * dilation
// wrong: as if its numbers lay side by side
// - (kernel - 1) * dilation + 1
// + kernel
// wrong: doesn't fit
// -   guard reach <= row else { return 0 }
// +
// wrong: rounded up
// - (row - reach) / stride + 1
// + (row - reach + stride - 1) / stride + 1
// wrong: With dilation
// -   let reach = (kernel - 1) * dilation + 1
// -   let row = input + 2 * padding
// -   guard reach <= row else { return 0 }
// -   return (row - reach) / stride + 1
// +   return (input + 2 * padding - kernel) / stride + 1
// wrong: one gap less
// -   let reach = (kernel - 1) * dilation + 1
// -   let row = input + 2 * padding
// -   guard reach <= row else { return 0 }
// -   return (row - reach) / stride + 1
// +   return (input + 2 * padding - kernel * dilation) / stride + 1
// wrong: between a number of the filter and the next
// - (kernel - 1) * dilation + 1
// + kernel + (kernel - 1) * dilation
// wrong: whatever the dilation
// - / stride + 1
// + / (stride * dilation) + 1
// wrong: One place was counted all the same
// - return 0
// + return 1
// wrong: fits in once
// - reach <= row
// + reach < row
// wrong: never below 0
// -   guard reach <= row else { return 0 }
// -   return (row - reach) / stride + 1
// +   return Int((Double(row - reach) / Double(stride)).rounded(.down)) + 1
