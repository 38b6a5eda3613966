import Foundation
import RunStore
import Testing

@Suite("Questions in SQL") struct QuestionsTests {
  let metrics: MetricsProcess
  /// A question without end.
  private let endless =
    "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"

  init() throws {
    metrics = try MetricsProcess()
    try RunStore(opening: metrics.path).sample(depth: 8, shortcut: .A, train: 0.5)
  }

  @Test("A question without end stops at the time it is given, and says so")
  func timeout() throws {
    let answer = try metrics.ask("sql", endless, "--timeout", "0.2")
    #expect(answer.status == 1 && answer.output.isEmpty)
    #expect(
      answer.messages.contains("stopped after 0.2 s") && answer.messages.contains("--timeout"))
  }

  @Test("Ctrl-C stops a question with status 130, and leaves nothing beside the store")
  func interrupt() throws {
    let answer = try metrics.run(
      ["sql", endless, "--store", metrics.path], environment: [:], isInterrupted: true)
    #expect(answer.status == 130 && answer.output.isEmpty && answer.messages == "Stopped.\n")
    let left = try FileManager.default.contentsOfDirectory(atPath: metrics.folder)
    #expect(left.filter { !$0.hasPrefix("messages") } == ["runs.sqlite"])
  }

  @Test("An answer without rows says so, in a table; JSON is an empty array")
  func noRows() throws {
    for query in ["select * from runs where 0", "select 1 where 0"] {
      let answer = try metrics.ask("sql", query)
      #expect(answer.status == 0 && answer.output.isEmpty)
      #expect(answer.messages == "The answer has no rows.\n")
      #expect(try metrics.ask("sql", query, "--json").output == "[]\n")
    }
  }

  @Test("A question that would fill the memory is refused")
  func memory() throws {
    // Twelve texts of 64 MB at once; of each alone there is room.
    let texts = (0..<12).map { "length(group_concat(s || \($0), ''))" }.joined(separator: ", ")
    let answer = try metrics.ask(
      "sql",
      """
      with recursive c(x) as (select 1 union all select x + 1 from c limit 8)
      select \(texts) from (select hex(zeroblob(4000000)) as s from c)
      """)
    #expect(answer.status == 1 && answer.messages.contains("memory"), "\(answer.messages)")
  }

  @Test(
    "CSV is by RFC 4180: NULL and an empty text differ, and numbers that aren't finite are words")
  func csv() throws {
    let question = """
      select null as a, '' as b, 'x,y' as c, 'q"r' as d, 9e999 as e, -9e999 as f, 0.1 as g, 7 as h,
      x'00ff' as i, 'two' || char(10) || 'lines' as "j,k", char(27) as l
      union all select 1, 2, 3, 4, 5, 6, 7, 8, 9, 'é', null
      """
    #expect(
      try metrics.ask("sql", "--csv", question).output
        == "a,b,c,d,e,f,g,h,i,\"j,k\",l\r\n"
        + ",\"\",\"x,y\",\"q\"\"r\",inf,-inf,0.1,7,AP8=,\"two\nlines\",\u{1B}\r\n"
        + "1,2,3,4,5,6,7,8,9,é,\r\n")
    #expect(try metrics.ask("sql", "--csv", "select 1 as a where 0").output == "a\r\n")
    // With an accent over it a quotation mark is another character, and ends a field all the same.
    let accent = try metrics.ask("sql", "--csv", "select char(34, 769, 44) as a").output
    #expect(Array(accent.utf8) == Array("a\r\n\"\"\"\u{301},\"\r\n".utf8))
    #expect(try metrics.ask("sql", "--csv", "--json", "select 1").status == 2)
  }

  @Test("schema has words for every table, view and column, and no others")
  func schema() throws {
    let answer = try metrics.ask("schema", "--json")
    let relations = try #require(try answer.json as? [[String: Any]])
    let known = try #require(
      try metrics.ask(
        "sql", "--json",
        """
        select name, type as kind from main.sqlite_master
        where type in ('table', 'view') and name not like 'sqlite_%' order by name
        """
      ).json as? [[String: String]])
    #expect(
      relations.map { $0["name"] as? String }.sorted { $0! < $1! } == known.map { $0["name"] })
    for relation in relations {
      let name = try #require(relation["name"] as? String)
      #expect(known.first { $0["name"] == name }?["kind"] == relation["kind"] as? String)
      let columns = try #require(relation["columns"] as? [[String: Any]])
      let named = try metrics.ask("sql", "--csv", "select * from \(name) limit 0").output
      #expect(columns.compactMap { $0["name"] as? String }.joined(separator: ",") + "\r\n" == named)
      for column in columns {
        #expect((column["description"] as? String)?.isEmpty == false, "\(name) \(column)")
      }
    }
    let page = try metrics.ask("schema", "metrics").output
    #expect(page.contains("step") && page.contains("integer"))
    #expect(try metrics.ask("schema", "nothing").messages.contains("there are runs, metrics"))
  }
}
