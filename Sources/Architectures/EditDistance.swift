/// How many letters have to be put in, taken out or changed to make one word of the other
/// (Levenshtein's distance), row by row of the table of all their beginnings.
public func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
  var row = Array(0...second.count)
  for (i, letter) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in second.enumerated() {
      let changed = diagonal + (letter == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(changed, row[j + 1] + 1, row[j] + 1)
    }
  }
  return row[second.count]
}
