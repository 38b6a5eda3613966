import ArgumentParser
import Foundation
import RunStore
import Testing

@testable import book
@testable import ResNetCommands

/// Chromium without a window, if it is installed.
private enum Browser {
  static let program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Opens a file and waits for the line that its script writes to the console: `result: {…}`.
  static func result(of page: URL, in folder: URL) throws -> [String: Any] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(program))
    // With a port for debugging it stays open until it is ended.
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
      "--user-data-dir=\(folder.path)/profile", "--enable-logging=stderr", page.absoluteString,
    ]
    process.standardOutput = FileHandle.nullDevice
    let messages = Pipe()
    process.standardError = messages
    try process.run()
    let watch = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 300, execute: watch)
    defer {
      watch.cancel()
      process.terminate()
      process.waitUntilExit()
    }
    var text = ""
    while true {
      let piece = messages.fileHandleForReading.availableData
      guard !piece.isEmpty else { break }
      text += String(decoding: piece, as: UTF8.self)
      if let line = text.firstMatch(of: /"result: (.*)", source:/) {
        return try #require(
          try JSONSerialization.jsonObject(with: Data(line.1.utf8)) as? [String: Any])
      }
      if text.contains("Uncaught") { break }
    }
    let console = text.split(separator: "\n").filter { $0.contains("CONSOLE") }
    throw Complaint(description: "The page gave no result. \(console.joined(separator: "\n"))")
  }

  struct Complaint: Error, CustomStringConvertible {
    let description: String
  }
}

/// Whether this compiler makes WebAssembly; it is asked by compiling the playground, once.
private let isThere =
  Browser.program != nil
  && Playground.fragment(page: "index", section: "resnet-by-hand", language: .english) != nil

@Suite("The playground in Chromium", .enabled(if: isThere), .serialized)
final class PlaygroundPageTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("playground-\(UUID().uuidString)", isDirectory: true)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What a script finds on a page of the book's fragments for some sections.
  private func result(
    _ places: [(page: String, section: String)], language: Language = .english, theme: String = "",
    before: String = "", script: String
  ) throws -> [String: Any] {
    let fragments = try places.map {
      try #require(
        Playground.fragment(page: $0.page, section: $0.section, language: language))
    }
    let page = """
      <!DOCTYPE html><html lang="\(language.rawValue)" data-theme="\(theme)"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1"><title>Playground</title>
      <style>\(Playground.style)</style></head><body><main><h1>Playground</h1>
      \(fragments.joined(separator: "\n"))
      </main><script>\(before)</script><script src="playground.js"></script><script>
      const until = async (isSo) => { while (!isSo()) await new Promise((done) => setTimeout(done, 20)); };
      const find = (text) => document.querySelector(text);
      const press = (name) => [...document.querySelectorAll('button')].find((one) => one.textContent.includes(name)).click();
      const pause = (time) => new Promise((done) => setTimeout(done, time));
      const give = (result) => console.log('result: ' + JSON.stringify(result));
      (async () => {
        try {
          \(script)
        } catch (error) { console.log('result: ' + JSON.stringify({ fault: String(error.stack) })); }
      })();
      </script></body></html>
      """
    let file = folder.appendingPathComponent("page.html")
    try Data(page.utf8).write(to: file)
    let whole = try #require(try Playground.script())
    try Data(whole.utf8).write(to: folder.appendingPathComponent("playground.js"))
    let result = try Browser.result(of: file, in: folder)
    try #require(result["fault"] == nil, "\(result["fault"] ?? "")")
    return result
  }

  private let training = [(page: "index", section: "resnet-by-hand")]

  @Test("From a file it starts, pauses, and after rewinding gives the same curve, digit by digit")
  func sameCurve() throws {
    let found = try result(
      training,
      script: """
        await until(() => find('.playground').playground);
        const { sides } = find('.playground').playground;
        const depth = find('select');
        depth.value = 8;
        depth.onchange();
        const curves = [];
        const paused = [];
        for (let round = 0; round < 2; round += 1) {
          press('Start');
          await until(() => sides.every((side) => side.epochs.length > 1));
          press('Pause');
          await pause(400);
          const count = sides.map((side) => side.losses.length);
          await pause(400);
          paused.push(sides.every((side, index) => side.losses.length === count[index]));
          press('Step');
          await until(() => sides.every((side, index) => side.losses.length === count[index] + 1));
          curves.push(sides.map((side) => [side.losses, side.epochs, side.norms.length]));
          press('Rewind');
          await pause(200);
        }
        const alike = [0, 1].every((side) => {
          const both = Math.min(...curves.map((curve) => curve[side][0].length));
          const epochs = Math.min(...curves.map((curve) => curve[side][1].length));
          const [one, other] = curves.map((curve) =>
            JSON.stringify([curve[side][0].slice(0, both), curve[side][1].slice(0, epochs)]));
          return one === other && both > 46;
        });
        give({ alike, paused, left: sides.map((side) => side.losses.length), norms: curves[0].map((side) => side[2]),
          last: curves[0].map((side) => side[0][45]), first: curves[0].map((side) => side[0][0]) });
        """)
    #expect(found["alike"] as? Bool == true)
    #expect(found["paused"] as? [Bool] == [true, true])
    #expect(found["left"] as? [Int] == [0, 0])
    #expect(found["norms"] as? [Int] == [7, 7])
    let first = try #require(found["first"] as? [Double])
    let last = try #require(found["last"] as? [Double])
    for (begin, end) in zip(first, last) { #expect(begin > 1.5 && end < 0.6 * begin) }
  }

  @Test("It stops while its tab is hidden, and goes on when that is seen again")
  func hidden() throws {
    let found = try result(
      training,
      script: """
        await until(() => find('.playground').playground);
        const { sides } = find('.playground').playground;
        const steps = () => sides.map((side) => side.losses.length);
        const show = (hidden) => {
          Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        };
        press('Start');
        await until(() => steps().every((count) => count > 2));
        show(true);
        await pause(800);
        const before = steps();
        await pause(800);
        const meanwhile = steps();
        show(false);
        await until(() => steps().every((count, index) => count > meanwhile[index]));
        give({ before, meanwhile });
        """)
    #expect(found["before"] as? [Int] == found["meanwhile"] as? [Int])
  }

  @Test("The link holds the settings, and nothing that it doesn't know")
  func link() throws {
    let found = try result(
      training,
      before:
        "location.hash = '#train:depth=14&shortcut=C&width=5&rate=0.3&seed=12&normalizes=0';",
      script: """
        await until(() => find('.playground').playground);
        const { settings } = find('.playground').playground;
        const read = { ...settings };
        const depth = find('select');
        depth.value = 32;
        depth.onchange();
        give({ read, hash: location.hash });
        """)
    let read = try #require(found["read"] as? [String: Double])
    #expect(
      read == ["depth": 14, "shortcut": 3, "width": 8, "rate": 0.3, "seed": 12, "normalizes": 0])
    #expect(
      found["hash"] as? String
        == "#train:depth=32&shortcut=C&width=8&rate=0.3&seed=12&normalizes=0")
  }

  @Test("Its commands train the same networks, and its tables are those of `metrics export`")
  func results() throws {
    let found = try result(
      training,
      script: """
        await until(() => find('.playground').playground);
        const { sides, exported } = find('.playground').playground;
        const [depth, shortcut, width, rate] = document.querySelectorAll('.pg-settings select');
        const seed = find('.pg-settings input[type=number]');
        Object.assign(depth, { value: 8 });
        Object.assign(shortcut, { value: 2 });
        Object.assign(width, { value: 4 });
        Object.assign(rate, { value: 0.3 });
        Object.assign(seed, { value: 5 });
        seed.onchange();
        press('Start');
        await until(() => sides.every((side) => side.epochs.length > 0));
        press('Pause');
        await pause(500);
        const tables = {};
        for (const table of ['runs', 'metrics', 'layer_statistics']) {
          tables[table] = exported(table, 'csv').split('\\r\\n');
          if (JSON.parse(exported(table, 'json')).length + 2 !== tables[table].length) throw new Error(table);
        }
        const errors = sides.map((side) => side.epochs.map((epoch) => epoch.testError));
        give({ commands: sides.map((side) => side.command.textContent), tables, errors });
        """)
    let commands = try #require(found["commands"] as? [String])
    for (command, name) in zip(commands, ["plain8", "resnet8"]) {
      let words = command.split(separator: " ").map(String.init)
      #expect(words[..<3] == ["swift", "run", "resnet"])
      let parsed = try ResNet.parseAsRoot(Array(words[3...]))
      let train = try #require(parsed as? Train)
      #expect(train.network.arch == name)
      #expect(train.options.dataset == "digits" && train.seed == 5)
      #expect(train.options.learningRate == 0.3)
      #expect(command.contains(" --width 4 "))
      #expect(command.contains(" --shortcut B ") == (name == "resnet8"))
    }
    // The columns of an empty store's tables.
    let store = try RunStore(opening: folder.appendingPathComponent("runs.sqlite").path)
    var columns: [String: [String]] = [:]
    try store.export(matching: RunFilter()) { table, names in
      columns[table] = names
      return { _ in }
    }
    let tables = try #require(found["tables"] as? [String: [String]])
    for (table, lines) in tables {
      #expect(lines[0] == columns[table]?.joined(separator: ","), "\(table)")
      #expect(lines.last == "" && lines.count > 3, "\(table)")
    }
    let errors = try #require(found["errors"] as? [[Double]])
    let metrics = try #require(tables["metrics"])
    for error in errors {
      #expect(metrics.contains { $0.hasSuffix(",error,test,23,1,\(Self.text(error[0]))") })
    }
  }

  /// A number as JavaScript writes it.
  private static func text(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }

  @Test("A convolution's numbers are those of the textbook's sum, for every stride and padding")
  func convolution() throws {
    let found = try result(
      [(page: "01-naive-loops", section: "stride-and-padding")],
      script: """
        const sum = () => find('.pg-sum')?.textContent ?? '';
        await until(() => sum());
        const [digit, filter, stride, padding] = document.querySelectorAll('.pg-settings select');
        const output = find('.output');
        let wrong = 0, count = 0;
        for (const settings of [[1, 0], [1, 1], [2, 0], [2, 1]]) {
          [stride.value, padding.value] = settings;
          stride.onchange();
          padding.onchange();
          filter.value = 'corner';
          filter.onchange();
          await pause(100);
          const side = Math.floor((8 + 2 * settings[1] - 3) / settings[0]) + 1;
          if (output.children.length !== side * side) wrong += 1000;
          output.focus();
          output.onkeydown({ key: 'Home', preventDefault() {} });
          for (let pixel = 0; pixel < side * side; pixel += 1) {
            const [left, right] = sum().replaceAll('−', '-').split(' = ');
            const total = left.split(' + ').map((term) => term.split('·').map(Number))
              .reduce((sum, [pixel, weight]) => sum + pixel * weight, 0);
            if (total !== +right) wrong += 1;
            count += 1;
            output.onkeydown({ key: 'ArrowRight', preventDefault() {} });
          }
        }
        give({ wrong, count });
        """)
    #expect(found["wrong"] as? Int == 0)
    #expect(found["count"] as? Int == 36 + 64 + 9 + 16)
  }

  @Test("The trained network tells a test digit and one that is drawn, and lives without a block")
  func specimen() throws {
    let found = try result(
      [
        (page: "01-naive-loops", section: "why-deep-networks-are-stacks-of-these"),
        (page: "10-why-it-works", section: "deleted-and-exchanged-blocks"),
      ],
      script: """
        const answer = () => find('.pg-verdict .pg-answer')?.textContent ?? '';
        await until(() => answer().includes('takes it for'));
        const test = answer();
        press('Clear');
        await until(() => answer() === 'Draw a digit.');
        const pad = find('.pg-drawing canvas');
        pad.setPointerCapture = () => {};
        const box = pad.getBoundingClientRect();
        const at = (x, y) => ({ clientX: box.left + x * box.width, clientY: box.top + y * box.height, pointerId: 1,
          preventDefault() {} });
        pad.onpointerdown(at(0.5, 0.15));
        for (let turn = 1; turn <= 40; turn += 1) {
          const angle = 2 * Math.PI * turn / 40;
          pad.onpointermove(at(0.5 + 0.22 * Math.sin(angle), 0.5 - 0.35 * Math.cos(angle)));
        }
        pad.onpointerup();
        await until(() => answer().includes('takes it for'));
        await pause(300);
        const drawn = answer();
        const operated = () => find('.pg-stages + .pg-bar + .pg-answer').textContent;
        find('.pg-stages').scrollIntoView();
        await until(() => operated());
        const whole = operated();
        document.querySelectorAll('.pg-block:not(:disabled)')[1].click();
        const without = operated();
        press('Restore');
        give({ test, drawn, whole, without, restored: operated(), blocks: document.querySelectorAll('.pg-block').length,
          maps: document.querySelectorAll('.pg-tiles canvas').length });
        """)
    let test = try #require(found["test"] as? String)
    let both = try #require(test.firstMatch(of: /takes it for a (\d) .* It is a (\d)\./))
    #expect(both.1 == both.2)
    #expect((found["drawn"] as? String)?.contains("takes it for a 0") == true, "\(found)")
    #expect(found["blocks"] as? Int == 9 && found["maps"] as? Int == 64)
    #expect(found["whole"] as? String == found["restored"] as? String)
    #expect(found["whole"] as? String != found["without"] as? String)
  }

  @Test(
    "axe finds no fault with it, light in English and dark in Korean",
    .enabled(if: ProcessInfo.processInfo.environment["RESNET_AXE"] != nil),
    arguments: zip(["light", "dark"], [Language.english, .korean]))
  func accessible(theme: String, language: Language) throws {
    let axe = try String(
      contentsOfFile: try #require(ProcessInfo.processInfo.environment["RESNET_AXE"]),
      encoding: .utf8)
    try Data(axe.utf8).write(to: folder.appendingPathComponent("axe.js"))
    let found = try result(
      [
        (page: "index", section: "resnet-by-hand"),
        (page: "01-naive-loops", section: "stride-and-padding"),
        (page: "10-why-it-works", section: "deleted-and-exchanged-blocks"),
      ], language: language, theme: theme,
      script: """
        for (const place of document.querySelectorAll('.playground')) {
          place.scrollIntoView();
          await until(() => place.querySelector('button'));
        }
        find('.pg-go').click();
        await pause(1500);
        find('.pg-go').click();
        await new Promise((done) => {
          const script = document.createElement('script');
          script.src = 'axe.js';
          script.onload = done;
          document.head.append(script);
        });
        const { violations } = await axe.run();
        give({ faults: violations.map((one) => `${one.id}: ${one.nodes[0].html.replaceAll('"', "'").slice(0, 120)}`) });
        """)
    #expect(found["faults"] as? [String] == [])
  }
}
