/// Every word of a report that isn't a name or number from the store: the table that a translation replaces.
///
/// `{0}`, `{1}` … stand for numbers and names (``fill(_:_:)``).
struct Labels: Sendable {
  /// The language, as in HTML's `lang`.
  var language = "en"

  // MARK: The page
  var title = "Report on training runs"
  var made = "Made on {0} from {1}{2}."
  var skip = "Skip to the comparisons"
  var theme = "Colours"
  var themeAutomatic = "as the system"
  var themeLight = "light"
  var themeDark = "dark"
  var contents = "Contents"
  var needsScript = "The curves, the copy buttons and the saved files need JavaScript."
  var sql = "SQL"
  var sqlNote = "`metrics sql` answers this question from the same store."
  var sqlThen = "The statistics are computed from its answer by `metrics compare`."
  var copy = "Copy"
  var copied = "Copied"
  var save = "Save as CSV"
  var nothing = "–"
  var scrolls = "{0}, scrolls sideways"

  // MARK: Summary
  var summary = "Summary"
  var runs = "Runs"
  var runsLeftOut = "the newest {0} of {1}"
  var experiments = "Experiments"
  var dataSets = "Data sets"
  var comparisonCount = "Comparisons"
  var comparisonWords = "{0}: {1} with the same sign in every seed, {2} that can't be decided"
  var checkCount = "Checks"
  var checkWords = "{0} hold, {1} fail"
  var period = "Trained"
  var periodWords = "{0} to {1} (UTC)"

  // MARK: Comparisons
  var comparisons = "Comparisons"
  var comparisonsNote = """
    Runs that differ in nothing but one thing and the seed. Each dot is a run or, in the second table, the difference \
    between two runs of the same seed; the bar is the 95 % bootstrap interval of the mean, the short line the mean. \
    p is two-sided, from a sign-flip test where seeds are shared and a permutation test where they aren't; in brackets \
    stands the least that so many seeds allow. Holm's correction is for all {0} comparisons of this page. A verdict \
    rests on the same sign in every seed{1}, never on p alone.
    """
  var beyond = " and a difference beyond {0}"
  var noComparisons = "No finished runs differ in nothing but {0} and the seed."
  var by = "{0} by {1}"
  var networks = "networks"
  var meanAndDeviation = "mean ± sd"
  var seeds = "seeds"
  var everySeed = "every seed, on an axis of {0}"
  var fromTo = "from → to"
  var change = "change"
  var interval = "95 % interval"
  var p = "p (least)"
  var holm = "Holm"
  var probability = "P(lower)"
  var verdict = "verdict"
  var needs = "seeds needed"
  var about = "about {0}"
  var higher = "higher in every seed"
  var lower = "lower in every seed"
  var higherBeyond = "higher in every seed, beyond the threshold"
  var lowerBeyond = "lower in every seed, beyond the threshold"
  var tooSmall = "same sign in every seed, not beyond the threshold"
  var undecided = "can't be decided with {0} seeds"
  var undecidedWithOne = "can't be decided with one seed"
  var seedValue = "seed {0}: {1}"
  var pairValue = "{0} against {1}: {2}"
  var dots = "{0} dots from {1} to {2}, mean {3}"
  var axis = "{0} … {1}"

  // MARK: Curves
  var curves = "Learning curves"
  var curvesNote = """
    Point at the chart, or move to it with the Tab key: the left and right arrows go from epoch to epoch, up and down \
    from run to run.
    """
  var noCurves = "No run has a metric with an epoch."
  var experiment = "Experiment"
  var metric = "Metric"
  var scale = "Scale"
  var linear = "linear"
  var logarithmic = "logarithmic"
  var seedsShown = "Seeds"
  var networksShown = "Networks"
  var all = "all"
  var none = "none"
  var epoch = "epoch"
  var point = "{0}, seed {1}, epoch {2}: {3}"
  var chart = "{0} by epoch, {1} runs"
  var nothingToDraw = "Nothing to draw."

  // MARK: Runs
  var noRuns = "There are no such runs."
  var whatDiffers = "Runs, and what differs"
  var alike = "The same in all"
  var twoRuns = "Two runs side by side"
  var firstRun = "First run"
  var secondRun = "Second run"
  var quantity = "what"
  var noDifference = "They differ in nothing that is recorded here."
  var allRuns = "All runs"
  var runsOnPaper =
    "Hyper-parameters, machines and times are left out on paper; the page on a screen has them."

  // MARK: Checks, code, machines
  var checks = "Checks of the chapters"
  var checksNote = "The newest result of every claim."
  var noChecks = "No chapter of these runs recorded a check."
  var chapter = "chapter"
  var claim = "claim"
  var result = "result"
  var holds = "holds"
  var fails = "fails"
  var measured = "measured"
  var recorded = "recorded (UTC)"
  var machines = "Code and machines"
  var code = "code"
  var machine = "machine"
  var threads = "threads"
  var learner = "learner"
  var first = "first (UTC)"
  var last = "last (UTC)"

  /// The words in English.
  static let english = Labels()

  /// A pattern with its places filled.
  static func fill(_ pattern: String, _ values: String...) -> String {
    // One pass, so that a value with {1} in it stays as it is.
    var result = ""
    var rest = pattern[...]
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      let index = Int(rest[rest.index(after: start)..<end])
      result +=
        rest[..<start] + (index.flatMap { values.indices.contains($0) ? values[$0] : nil } ?? "")
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
