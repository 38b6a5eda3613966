import ExerciseKit

/// Exercise 6 of chapter 4. How much an error means.
///
/// Suppose that a network misreads each image with the same probability $q$, independently of the others. Tried on $n$
/// images, it misreads about $qn$, but rarely just as many: the count has the variance $n q (1 - q)$. On other images
/// of the same kind the same network would get another error.
///
/// By how much does the *error*, the share of images that are misread, vary? Give its standard deviation.
///
/// For example, if it misreads every second image and is tried on 4 of them, the count has the variance 1, and the
/// error the standard deviation 0.25.
///
/// - Parameters:
///   - q: the probability that an image is misread, 0 … 1.
///   - images: how many images it is tried on, at least 1.
/// - Returns: the standard deviation of the share of images that are misread.
func errorDeviation(_ q: Double, images: Int) throws -> Double {
  // solution
  (q * (1 - q) / Double(images)).squareRoot()
  // end of solution
}

// wrong: of the count
// - q * (1 - q) / Double(images)
// + q * (1 - q) * Double(images)

// wrong: the variance
// - .squareRoot()
// +

// wrong: 1 − q
// - q * (1 - q)
// + q

// wrong: its root
// - (q * (1 - q) / Double(images)).squareRoot()
// + (q * (1 - q)).squareRoot() / Double(images)
// wrong: for a single image
// - (q * (1 - q) / Double(images)).squareRoot()
// + (q * (1 - q)).squareRoot()
// wrong: from a sample
// - Double(images)).squareRoot()
// + Double(images - 1)).squareRoot()
// wrong: twice
// - (q * (1 - q) / Double(images)).squareRoot()
// + 2 * (q * (1 - q) / Double(images)).squareRoot()
// wrong: q doesn't appear
// - (q * (1 - q) / Double(images)).squareRoot()
// + 1 / Double(images).squareRoot()
