import Charts
import Foundation
import Testing

@testable import book

/// Chromium without a window, if it is installed.
private enum Browser {
  static let program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The path of axe.min.js; it is other people's code, and not part of this package.
  static let axe = ProcessInfo.processInfo.environment["RESNET_AXE"]

  private static let server = Result {
    let server = try BookServer(folder: TestBook.folder.get(), ports: 8300...8399)
    Thread.detachNewThread { server.run() }
    return server
  }

  /// Runs a script in a page of the book's server and returns what it calls `done` with.
  ///
  /// The script has `visit(path, width, theme)`, which shows a page of the book in a frame and returns its window.
  static func run(_ script: String, as name: String) throws -> [[String: String]] {
    let folder = try TestBook.folder.get()
    if let axe {
      try Data(contentsOf: URL(fileURLWithPath: axe)).write(
        to: folder.appendingPathComponent("axe.js"), options: .atomic)
    }
    let page = """
      <!DOCTYPE html><html><meta charset="utf-8"><body style="margin: 0"><script>
      const frame = document.createElement('iframe');
      frame.style.cssText = 'border: 0; height: 900px';
      document.body.append(frame);
      async function visit(path, width, theme) {
        frame.style.width = `${width}px`;
        const loaded = new Promise((resolve) => { frame.onload = resolve; });
        frame.src = path;
        await loaded;
        frame.contentDocument.documentElement.dataset.theme = theme;
        return frame.contentWindow;
      }
      async function load(view, path) {
        const script = view.document.createElement('script');
        const loaded = new Promise((resolve) => { script.onload = resolve; });
        script.src = path;
        view.document.head.append(script);
        await loaded;
      }
      const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      function done(results) {
        document.title = 'done ' + btoa(unescape(encodeURIComponent(JSON.stringify(results))));
      }
      (async () => { \(script) })().catch((error) => done([{ failure: String(error.stack || error) }]));
      </script></body></html>
      """
    try Data(page.utf8).write(to: folder.appendingPathComponent("\(name).html"))
    return try withTemporaryFolder { scratch in
      let (output, messages) = (
        scratch.appendingPathComponent("dom"), scratch.appendingPathComponent("log")
      )
      for file in [output, messages] { try Data().write(to: file) }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(program))
      process.arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(scratch.path)/profile",
        "--window-size=1300,1000", "--enable-logging=stderr", "--virtual-time-budget=3000000",
        "--dump-dom", "\(try server.get().address)\(name).html",
      ]
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: messages)
      try process.run()
      process.waitUntilExit()
      let complaints = try String(contentsOf: messages, encoding: .utf8)
        .split(separator: "\n").filter { $0.contains("CONSOLE") }
      #expect(complaints.isEmpty, "\(complaints)")
      let dom = try String(contentsOf: output, encoding: .utf8)
      let text = try #require(
        dom.firstMatch(of: /<title>done ([A-Za-z0-9+\/=]+)<\/title>/)?.1, "\(dom.suffix(300))")
      let json = try #require(Data(base64Encoded: String(text)))
      return try #require(try JSONSerialization.jsonObject(with: json) as? [[String: String]])
    }
  }
}

/// All pages of a language as a list for a script.
private func list(_ languages: [Language] = Language.allCases) throws -> String {
  let paths = try languages.flatMap { language in
    try TestBook.names(in: language).map { "'/\(language.rawValue)/\($0).html'" }
  }
  return "[\(paths.joined(separator: ", "))]"
}

@Suite(
  "The book in a browser", .serialized,
  .enabled(if: TestBook.hasPandoc && Browser.program != nil, "needs pandoc and Chromium"))
struct WebsiteInBrowserTests {
  @Test(
    "No page asks for anything elsewhere or is wider than the window, at 320, 640 and 1280 pixels")
  func widths() throws {
    let found = try Browser.run(
      """
      const results = [];
      for (const path of \(try list())) {
        for (const width of [320, 640, 1280]) {
          const view = await visit(path, width, width === 320 ? 'dark' : 'light');
          const root = view.document.documentElement;
          const elsewhere = view.performance.getEntriesByType('resource').map((entry) => entry.name)
            .filter((name) => !name.startsWith(location.origin) && !name.startsWith('data:'));
          if (root.scrollWidth > width || elsewhere.length) {
            results.push({ path, width: String(width), scrollWidth: String(root.scrollWidth), elsewhere: elsewhere.join() });
          }
          if (path.includes('/all')) break;
        }
      }
      done(results);
      """, as: "test-widths")
    #expect(found.isEmpty, "\(found)")
  }

  @Test("Everything works by keyboard: search, questions, figures, terms, contents")
  func keyboard() throws {
    let found = try Browser.run(
      """
      const view = await visit('/en/06-degradation.html', 1280, 'light');
      const page = view.document;
      const result = {};
      const key = (element, name) => element.dispatchEvent(new view.KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));

      // A question: its answer is there once the reader has chosen.
      const form = page.querySelector('.predict'), answer = form.nextElementSibling;
      result.answerBefore = view.getComputedStyle(answer).display;
      form.querySelectorAll('input')[Number(form.dataset.answer)].checked = true;
      form.requestSubmit();
      result.answerAfter = view.getComputedStyle(answer).display;
      result.verdict = form.querySelector('output').textContent;

      // A figure: the first value of the first line, and the last.
      const svg = [...page.querySelectorAll('.live svg[role=img]')].find((each) => each.querySelector('title').textContent.startsWith('Errors of plain'));
      svg.focus();
      key(svg, 'ArrowRight');
      result.first = svg.closest('.live').querySelector('output').textContent;
      for (let step = 0; step < 30; step++) key(svg, 'ArrowRight');
      result.last = svg.closest('.live').querySelector('output').textContent;
      key(svg, 'ArrowDown');
      result.next = svg.closest('.live').querySelector('output').textContent;
      result.description = svg.querySelector('desc').textContent;
      const radios = svg.closest('.live').querySelectorAll('[type=radio]');
      const line = svg.querySelector('.line'), before = line.getAttribute('d');
      radios[1].click();
      result.logarithmic = String(line.getAttribute('d') !== before && svg.querySelectorAll('.rescaled').length > 0);
      radios[0].click();
      result.linear = String(line.getAttribute('d') === before && svg.querySelectorAll('.rescaled').length === 0);

      // A term: its meaning is shown while it has the focus.
      const term = page.querySelector('.term');
      term.focus();
      result.preview = page.getElementById('ui-preview') ? page.getElementById('ui-preview').textContent.trim() : '';
      term.blur();
      result.previewGone = String(!page.getElementById('ui-preview'));

      // What scrolls can be reached, nothing jumps the queue.
      result.unreachable = String([...page.querySelectorAll('pre, .scroll')]
        .filter((box) => box.scrollWidth > box.clientWidth + 1 && box.tabIndex !== 0).length);
      result.queue = String(page.querySelectorAll('[tabindex]:not([tabindex="0"], [tabindex="-1"])').length);
      result.keys = String(/accesskey/.test(page.documentElement.outerHTML));
      result.copies = String(page.querySelectorAll('.code > button').length === page.querySelectorAll('article pre').length);

      // Search, and Return for the first place.
      const query = page.getElementById('ui-query');
      async function search(text) {
        query.value = text;
        query.dispatchEvent(new view.Event('input'));
        return [...page.querySelectorAll('#ui-places a')].map((link) => link.getAttribute('href'));
      }
      page.getElementById('ui-search-button').click();
      while (!(await search('the')).length) await pause(50);
      await pause(500);
      result.focus = page.activeElement.id;
      result.english = (await search('residual block'))[0];
      result.korean = (await search('잔차블록'))[0];
      result.particle = (await search('합성곱은')).find((link) => link.endsWith('glossary.html#convolution')) || '';
      result.nothing = String((await search('xyzzy')).length);
      const first = (await search('im2col'))[0];
      const left = new Promise((resolve) => { frame.onload = resolve; });
      key(query, 'Enter');
      await left;
      result.arrived = String(frame.contentWindow.location.href.endsWith(first.replace('..', '')));
      done([result]);
      """, as: "test-keyboard")
    let result = try #require(found.first)
    #expect(result["failure"] == nil, "\(result)")
    #expect(result["answerBefore"] == "none" && result["answerAfter"] == "block")
    #expect(result["verdict"] == Words.english.asExpected)
    #expect(
      result["first"]?.wholeMatch(of: /8 \(dashed\): 12\.2\d? %, epoch 1/) != nil,
      "\(result["first"] ?? "")")
    #expect(result["last"] == "8 (dashed): 0 %, epoch 20")
    #expect(result["next"]?.hasPrefix("8: 1.3") == true, "\(result["next"] ?? "")")
    #expect(result["description"]?.contains("8, training: from 12.2 % at 1 to 0 % at 20") == true)
    #expect(result["logarithmic"] == "true" && result["linear"] == "true")
    #expect(result["preview"]?.hasSuffix(".") == true && result["previewGone"] == "true")
    #expect(result["unreachable"] == "0" && result["queue"] == "0" && result["keys"] == "false")
    #expect(result["copies"] == "true")
    #expect(result["focus"] == "ui-query")
    #expect(result["english"] == "../en/glossary.html#residual-block")
    #expect(result["korean"] == "../en/glossary.html#residual-block")
    #expect(result["particle"]?.hasSuffix("glossary.html#convolution") == true)
    #expect(result["nothing"] == "0" && result["arrived"] == "true")
  }

  @Test("A figure of several seeds shows their mean, one of them, or all")
  func seeds() throws {
    func series(_ name: String, _ hue: Hue, _ seeds: [Double]) -> Series {
      func points(_ level: Double) -> [Point] {
        (1...4).map { Point(Double($0), level / Double($0)) }
      }
      return Series(
        name, points(seeds.reduce(0, +) / Double(seeds.count)), color: .hue(hue),
        seeds: seeds.enumerated().map { SeedLine(seed: $0, points($1)) })
    }
    let chart = LineChart(
      "Errors", x: Axis("epoch"), y: Axis("error", range: 0...1, format: .percent),
      series: [
        series("plain", .orange, [0.8, 0.6, 0.4]), series("residual", .blue, [0.2, 0.3, 0.1]),
      ])
    let words = try #require(
      TestBook.html("index", in: .english).firstMatch(of: /<script id="ui-words".*?<\/script>/))
    let page = """
      <!DOCTYPE html><html lang="en" class="script"><meta charset="utf-8"><title>Seeds</title>
      <link rel="icon" href="data:,"><link rel="stylesheet" href="book.css">
      <body><span class="figure">\(chart.svg())</span>\(words.output)<script src="figures.js"></script></body></html>
      """
    try Data(page.utf8).write(
      to: TestBook.folder.get().appendingPathComponent("figure-of-seeds.html"))
    let found = try Browser.run(
      """
      const view = await visit('/figure-of-seeds.html', 1280, 'light');
      const page = view.document;
      const svg = page.querySelector('.live svg[role=img]'), select = page.querySelector('.live select');
      const result = { label: select.labels[0].querySelector('span').textContent };
      result.choices = [...select.options].map((option) => option.textContent).join();
      const first = () => {
        svg.dispatchEvent(new view.KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
        return page.querySelector('.live output').textContent;
      };
      const shown = () => String([...svg.querySelectorAll('svg .line')]
        .filter((path) => view.getComputedStyle(path).display !== 'none').length);
      const choose = (seed) => {
        select.value = seed;
        select.dispatchEvent(new view.Event('change'));
      };
      result.mean = `${select.value} ${shown()} ${first()}`;
      choose('0');
      result.one = `${shown()} ${first()}`;
      choose('all');
      result.all = `${shown()} ${svg.querySelectorAll('.faint').length}`;
      page.querySelector('.live [type=checkbox]').click();
      result.lessPlain = shown();
      page.querySelectorAll('.live [type=radio]')[1].click();
      choose('2');
      result.logarithmic = `${shown()} ${first()}`;
      page.querySelectorAll('.live [type=radio]')[0].click();
      page.querySelector('.live [type=checkbox]').click();
      choose('mean');
      result.again = `${shown()} ${svg.querySelectorAll('.faint').length} ${first()}`;
      done([result]);
      """, as: "test-seeds")
    let result = try #require(found.first)
    #expect(result["failure"] == nil, "\(result)")
    #expect(result["label"] == "Seed shown")
    #expect(result["choices"] == "mean of all,seed 0,seed 1,seed 2,all of them")
    #expect(result["mean"] == "mean 2 plain: 60 %, epoch 1")
    #expect(result["one"] == "2 plain, seed 0: 80 %, epoch 1")
    #expect(result["all"] == "8 6")
    #expect(result["lessPlain"] == "4")
    #expect(result["logarithmic"] == "1 residual, seed 2: 10 %, epoch 1")
    #expect(result["again"] == "2 0 plain: 60 %, epoch 1")
  }

  @Test("Both languages have the same blocks, and the switch leads to the same one")
  func sameBlocks() throws {
    let found = try Browser.run(
      """
      const results = [];
      for (const path of \(try list([.english])).filter((path) => !path.includes('/all'))) {
        const kinds = [];
        for (const language of ['en', 'ko']) {
          const view = await visit(path.replace('/en/', `/${language}/`), 1280, 'light');
          kinds.push([...view.document.querySelector('article').children].map((block) => block.tagName).join());
        }
        if (kinds[0] !== kinds[1]) results.push({ path, english: kinds[0], korean: kinds[1] });
      }
      const view = await visit('/en/05-going-deeper.html', 1280, 'light');
      view.document.documentElement.style.scrollBehavior = 'auto';
      const number = 40;
      view.scrollTo(0, view.document.querySelector('article').children[number].getBoundingClientRect().top - 90);
      const link = view.document.querySelector('.language');
      link.focus();
      const hash = new URL(link.href).hash;
      if (Math.abs(Number(hash.slice('#block-'.length)) - number) > 1) results.push({ hash });
      done(results);
      """, as: "test-languages")
    #expect(found.isEmpty, "\(found)")
  }
}

/// Not one after the other: each of its halves takes a processor for minutes.
@Suite(
  "The book in a browser, for everybody",
  .enabled(if: TestBook.hasPandoc && Browser.program != nil, "needs pandoc and Chromium"))
struct AccessibleWebsiteTests {
  @Test(
    "axe finds no fault with any page, wide and light in one language, narrow and dark in the other",
    .enabled(if: Browser.axe != nil), arguments: 0..<2)
  func accessible(_ half: Int) throws {
    // The two languages of a page have the same blocks (above), styles and script, so each is looked at in one of two
    // ways, by turns; pages with all kinds of blocks in two of four. All pages behind each other are the same ones again.
    let found = try Browser.run(
      """
      const results = [];
      const usual = [[1280, 'light'], [320, 'dark']], other = [[1280, 'dark'], [320, 'light']];
      const pages = \(try list([.english])).filter((path) => !path.includes('/all'));
      for (const [index, page] of pages.entries()) {
        if (index % 2 !== \(half)) continue;
        for (const [place, language] of ['en', 'ko'].entries()) {
          const path = page.replace('/en/', `/${language}/`), turn = (Math.floor(index / 2) + place) % 2;
          const sizes = /06-|index|claims/.test(path) ? [usual, other][turn] : [usual[turn]];
          for (const [width, theme] of sizes) {
            const view = await visit(path, width, theme);
            await load(view, '/axe.js');
            for (const details of view.document.querySelectorAll('.live details')) details.open = true;
            const report = await view.axe.run(view.document, { resultTypes: ['violations'] });
            for (const fault of report.violations) {
              results.push({ path, width: String(width), theme, fault: fault.id, where: String(fault.nodes[0].target) });
            }
          }
        }
      }
      done(results);
      """, as: "test-axe-\(half)")
    #expect(found.isEmpty, "\(found)")
  }
}
