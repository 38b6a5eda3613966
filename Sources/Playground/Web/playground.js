// The playground: networks that are trained, looked into and operated on in the page. What computes is the package's
// own Swift, compiled for WebAssembly (`playgroundData.wasm`); here are its pictures and its buttons.
//
// A browser loads neither modules nor workers from a file:// address, so all of it is in this file, and the workers
// are made from the source of `engine` and `worker`.
(() => {
  const data = typeof playgroundData === 'object' && playgroundData;
  const places = [...document.querySelectorAll('.playground[data-kind]')];
  if (!places.length || !data || typeof WebAssembly !== 'object' || typeof Worker !== 'function') return;
  const korean = document.documentElement.lang.startsWith('ko');
  const words = playgroundWords[korean ? 'ko' : 'en'];
  const say = (key, ...values) => words[key].replace(/\{(\d)\}/g, (_, index) => values[index]);

  // MARK: The Swift side

  /** Starts the module with the digits. A worker has it too, so it uses nothing from outside. */
  async function engine(bytes, digits) {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    const calls = instance.exports;
    // Memory may move when it grows: its views are made anew each time.
    const floats = () => {
      const place = calls.floats();
      return new Float32Array(calls.memory.buffer, place, 1 << 17);
    };
    const doubles = (count) => {
      const place = calls.doubles();
      return [...new Float64Array(calls.memory.buffer, place, count)];
    };
    floats().set(digits);
    calls.load_digits(digits.length / 65);
    return { calls, floats, doubles };
  }

  /** A worker: trains one network, in slices of some milliseconds, and says how it goes. */
  function worker(engine) {
    let machine, going = false, report, waiting = Promise.resolve();
    const turn = new MessageChannel();
    // Of a run: its number, steps so far and in all, epochs so far; what images took to learn, and all in all.
    const state = { run: 0, step: 0, total: 0, epoch: 0, images: 0, seconds: 0, trained: 0 };
    const begin = () => { report = { first: state.step, losses: [], epochs: [], norms: [], isOver: false }; };
    function advance() {
      const start = performance.now();
      const loss = machine.calls.advance();
      const seconds = (performance.now() - start) / 1000;
      state.step += 1;
      state.seconds += seconds;
      const epoch = machine.calls.measured();
      if (epoch > state.epoch) {
        const [trainLoss, trainError, testLoss, testError] = machine.doubles(4);
        const norms = machine.doubles(machine.calls.gradient_norms());
        report.epochs.push({ step: state.step, epoch, trainLoss, trainError, testLoss, testError, norms });
        state.epoch = epoch;
      } else {
        state.images += 64;
        state.trained += seconds;
      }
      report.losses.push(loss);
      const last = report.epochs[report.epochs.length - 1];
      report.hasDiverged = !isFinite(loss) || (last !== undefined && !isFinite(last.trainLoss));
      report.isOver = state.step === state.total || report.hasDiverged;
    }
    function send() {
      if (report.losses.length) report.norms = machine.doubles(machine.calls.gradient_norms());
      postMessage({ ...report, ...state, going });
      begin();
    }
    function slice() {
      if (!going) return;
      const end = performance.now() + 50;
      do { advance(); } while (!report.isOver && performance.now() < end);
      if (report.isOver) going = false;
      send();
      if (going) turn.port2.postMessage(0);
    }
    turn.port1.onmessage = slice;
    async function take(message) {
      switch (message.kind) {
        case 'load': machine = await engine(message.bytes, message.digits); break;
        case 'create': {
          const { depth, shortcut, width, normalizes, rate, seed } = message.settings;
          going = false;
          Object.assign(state, { run: message.run, step: 0, epoch: 0, images: 0, seconds: 0, trained: 0 });
          state.parameters = machine.calls.create(depth, shortcut, width, normalizes, rate, seed, 20);
          state.total = machine.calls.total_steps();
          begin();
          send();
          break;
        }
        case 'go':
          if (going || state.step === state.total) break;
          going = true;
          slice();
          break;
        case 'stop':
          going = false;
          send();
          break;
        case 'step':
          if (!going && state.step < state.total) { advance(); send(); }
          break;
      }
    }
    onmessage = (event) => { waiting = waiting.then(() => take(event.data)); };
  }

  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const images = bytes(data.digits).subarray(16);
  const labels = bytes(data.labels).subarray(8);
  const digits = new Float32Array(65 * labels.length);
  digits.set(images);
  digits.set(labels, images.length);

  let own;
  /** The module in the page itself, for what takes no time; made once. */
  const machine = () => (own ??= engine(bytes(data.wasm), digits).then((machine) => {
    machine.test = [...machine.floats().subarray(0, machine.calls.test_digits())];
    const weights = new Float32Array(bytes(data.weights).buffer);
    machine.floats().set(weights);
    machine.blocks = machine.calls.load_specimen(weights.length);
    return machine;
  }));

  function start() {
    const source = `(${worker})(${engine})`;
    const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const result = new Worker(address);
    result.postMessage({ kind: 'load', bytes: bytes(data.wasm), digits });
    return result;
  }

  // MARK: Elements

  function put(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node[name] = value;
      else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.filter((child) => child !== undefined));
    return node;
  }
  const make = (name, attributes = {}, ...children) => put(document.createElement(name), attributes, children);
  const draw = (name, attributes = {}, ...children) =>
    put(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
  let ids = 0;
  const newID = () => `playground-${ids += 1}`;
  const label = (text, control) => make('label', {}, make('span', {}, text), control);
  const choice = (options, value, onchange) => make('select', { onchange },
    ...options.map(([key, text]) => make('option', { value: key, selected: String(key) === String(value) }, text)));
  const button = (text, onclick, attributes = {}) => make('button', { type: 'button', onclick, ...attributes }, text);
  const locale = document.documentElement.lang || 'en';
  const number = (value, places = 0) => isFinite(value)
    ? value.toLocaleString(locale, { minimumFractionDigits: places, maximumFractionDigits: places }) : '–';
  const percent = (value) => `${number(100 * value, 1)} %`;

  /** Calls a function once a frame at most, and not again within so many milliseconds. */
  function paced(body, pause = 0) {
    let isAsked = false;
    let next = 0;
    return () => {
      if (isAsked) return;
      isAsked = true;
      const run = () => { isAsked = false; next = performance.now() + pause; body(); };
      const wait = next - performance.now();
      if (document.hidden || wait > 0) setTimeout(run, Math.max(wait, 0)); else requestAnimationFrame(run);
    };
  }

  /** A line chart with two axes; `show` draws lines of `{ name, type, points }` anew. */
  function chart(title, { x, y, isLog = false, range }) {
    const [width, height, left, right, top, bottom] = [340, 220, 52, 10, 12, 38];
    const inside = draw('g', {});
    const name = newID();
    const summary = draw('desc', { id: newID() });
    const picture = draw('svg', {
      viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': name, 'aria-describedby': summary.id,
    }, summary, inside);
    const node = make('figure', { class: 'pg-chart' }, make('figcaption', { id: name }, title), picture);
    function show(lines, end, text) {
      const isPlace = ([, value]) => isFinite(value) && (!isLog || value > 0);
      const values = lines.flatMap((line) => line.points.filter(isPlace).map(([, value]) => value));
      let [low, high] = range ?? [Math.min(...values), Math.max(...values)];
      if (!values.length) [low, high] = range ?? (isLog ? [0.001, 10] : [0, 1]);
      if (isLog) {
        low = 10 ** Math.floor(Math.log10(low) + 1e-9);
        high = 10 ** Math.ceil(Math.log10(high) - 1e-9);
        if (high <= low) high = 10 * low;
      }
      const scale = isLog ? Math.log10 : (value) => value;
      const across = (value) => left + (width - left - right) * (value - 1) / Math.max(1, end - 1);
      const up = (value) =>
        top + (height - top - bottom) * (1 - (scale(value) - scale(low)) / (scale(high) - scale(low)));
      const parts = [];
      const decades = Math.round(Math.log10(high / low));
      const ticks = isLog
        ? Array.from({ length: decades + 1 }, (_, index) => low * 10 ** index)
          .filter((_, index) => index % Math.ceil((decades + 1) / 6) === 0)
        : Array.from({ length: 5 }, (_, index) => low + (high - low) * index / 4);
      for (const tick of ticks) {
        const written = isLog ? (tick >= 0.001 && tick <= 1000 ? String(+tick.toPrecision(1))
          : `1e${Math.round(Math.log10(tick))}`) : number(tick);
        parts.push(
          draw('line', { class: 'grid', x1: left, x2: width - right, y1: up(tick), y2: up(tick) }),
          draw('text', { x: left - 6, y: up(tick) + 4, 'text-anchor': 'end' }, written));
      }
      const steps = [1, ...[1, 2, 3, 4].map((index) => Math.round(end * index / 4))];
      for (const tick of new Set(steps)) {
        parts.push(
          draw('text', { x: across(tick), y: height - bottom + 15, 'text-anchor': 'middle' }, number(tick)));
      }
      parts.push(
        draw('text', { x: (left + width - right) / 2, y: height - 5, 'text-anchor': 'middle' }, x),
        draw('text', { x: 10, y: (top + height - bottom) / 2, 'text-anchor': 'middle',
          transform: `rotate(-90 10 ${(top + height - bottom) / 2})` }, y));
      for (const { type, points } of lines) {
        let path = '';
        let isGoingOn = false;
        for (const point of points) {
          if (!isPlace(point)) { isGoingOn = false; continue; }
          path += `${isGoingOn ? 'L' : 'M'}${across(point[0]).toFixed(1)} ${up(point[1]).toFixed(1)}`;
          isGoingOn = true;
        }
        if (path) parts.push(draw('path', { class: `line ${type}`, d: path }));
        const last = points[points.length - 1];
        if (last && isPlace(last)) {
          parts.push(draw('circle', { class: `dot ${type}`, cx: across(last[0]), cy: up(last[1]), r: 3 }));
        }
      }
      inside.replaceChildren(...parts);
      summary.textContent = text;
    }
    return { node, show };
  }

  /** The network as boxes in three rows, arcs where there are shortcuts; a box is darker the larger its gradient. */
  function diagram(type) {
    const picture = draw('svg', { viewBox: '0 0 320 150', role: 'img', class: `pg-network ${type}` });
    let boxes = [];
    function build({ depth, shortcut, width }) {
      const count = (depth - 2) / 6;
      const pitch = Math.min(64, 248 / count);
      const gap = Math.min(12, pitch / 4);
      const parts = [];
      boxes = [];
      const box = (x, y, wide) => {
        const rectangle = draw('rect', { class: 'box', x, y: y - 11, width: wide, height: 22, rx: 3 });
        boxes.push(rectangle);
        return rectangle;
      };
      const wire = (from, to, y) => draw('line', { class: 'wire', x1: from, x2: to, y1: y, y2: y });
      for (let stage = 0; stage < 3; stage += 1) {
        const y = 32 + 48 * stage;
        const end = 26 + pitch * count;
        parts.push(wire(stage ? 18 : 14, end + gap / 2, y));
        if (stage === 0) parts.push(box(2, y, 12));
        for (let block = 0; block < count; block += 1) {
          const x = 26 + pitch * block + gap / 2;
          const half = (pitch - gap) / 2;
          if (shortcut > 0) {
            const projects = shortcut === 3 || (shortcut === 2 && stage > 0 && block === 0);
            const [from, to] = [x - gap / 2, x + pitch - gap / 2];
            parts.push(draw('path', { class: projects ? 'arc projects' : 'arc',
              d: `M${from} ${y}C${from} ${y - 28} ${to} ${y - 28} ${to} ${y}` }));
          }
          parts.push(box(x, y, half), box(x + half, y, half));
        }
        parts.push(draw('text', { x: 320, y: y + 4, 'text-anchor': 'end' },
          `${8 >> stage}×${8 >> stage}·${width << stage}`));
      }
      picture.replaceChildren(...parts);
    }
    function show(norms, text) {
      boxes.forEach((box, index) => {
        const height = (Math.log10(norms[index]) + 3.5) / 4.5;
        box.style.setProperty('--share', norms.length ? Math.min(1, Math.max(0, height || 0)) : 0.15);
      });
      picture.setAttribute('aria-label', text);
    }
    return { node: picture, build, show };
  }

  // MARK: Two networks, trained side by side

  const shortcuts = ['none', 'A', 'B', 'C'];
  const limits = {
    depth: [8, 14, 20, 32, 44, 56], shortcut: [0, 1, 2, 3], width: [4, 8, 16],
    rate: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1], normalizes: [1, 0],
  };

  function train(place) {
    const defaults = { depth: +(place.dataset.depth ?? 20), shortcut: 1, width: 8, rate: 0.1, seed: 0, normalizes: 1 };
    const settings = { ...defaults, ...fromLink() };
    let isGoing = false;
    let run = 0;
    let announced = 0;

    function fromLink() {
      const found = location.hash.match(/^#train:(.*)$/);
      if (!found) return {};
      const given = {};
      for (const [key, text] of new URLSearchParams(found[1])) {
        const value = key === 'shortcut' ? shortcuts.indexOf(text) : +text;
        if (limits[key]?.includes(value)) given[key] = value;
        if (key === 'seed' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) given.seed = value;
      }
      return given;
    }
    function toLink() {
      const given = new URLSearchParams({ ...settings, shortcut: shortcuts[settings.shortcut] });
      history.replaceState(null, '', `#train:${given}`);
    }

    const sides = ['plain', 'residual'].map((type) => {
      const side = { type, picture: diagram(type) };
      side.title = make('p', { class: 'pg-name' });
      side.facts = make('p', { class: 'pg-facts' });
      side.bar = make('progress', { max: 1, value: 0 });
      side.command = make('code', {});
      side.copy = button(words.copy, () => copy(side), {});
      side.node = make('div', { class: `pg-side ${type}`, role: 'group', 'aria-label': words[type] },
        side.title, side.picture.node, side.bar, side.facts, make('p', { class: 'pg-command' }, side.command, side.copy));
      side.worker = undefined;
      return side;
    });

    const go = button('', toggle, { class: 'pg-go' });
    const message = make('p', { class: 'pg-message', role: 'status' });
    const controls = {
      depth: choice(limits.depth.map((depth) => [depth, depth]), settings.depth, change),
      shortcut: choice(shortcuts.map((name, index) => [index, index ? name : words.none]), settings.shortcut, change),
      width: choice(limits.width.map((width) => [width, width]), settings.width, change),
      rate: choice(limits.rate.map((rate) => [rate, String(rate)]), settings.rate, change),
      seed: make('input', { type: 'number', min: 0, max: 2147483647, step: 1, value: settings.seed, onchange: change }),
      normalizes: make('input', { type: 'checkbox', checked: settings.normalizes === 1, onchange: change }),
    };
    const charts = {
      error: chart(words.errorChart, { x: words.epoch, y: '%', range: [0, 100] }),
      loss: chart(words.lossChart, { x: words.step, y: words.loss, isLog: true }),
      norms: chart(words.normChart, { x: words.convolution, y: words.norm, isLog: true }),
    };
    const key = make('p', { class: 'pg-key' },
      ...[['plain', words.plain], ['residual', words.residual]].map(([type, text]) =>
        make('span', { class: type }, text)),
      make('span', { class: 'solid' }, words.trainingSet), make('span', { class: 'dashed' }, words.testSet));
    const files = make('p', { class: 'pg-files' }, `${words.results} `,
      ...[['runs', 'csv'], ['metrics', 'csv'], ['layer_statistics', 'csv'], ['runs', 'json'], ['metrics', 'json'],
        ['layer_statistics', 'json']].map(([table, format]) =>
        button(`${table}.${format}`, () => save(table, format))));

    place.replaceChildren(
      make('div', { class: 'pg-bar' }, go,
        button(words.stepButton, oneStep), button(words.rewind, rewind),
        make('div', { class: 'pg-settings' },
          label(words.depth, controls.depth), label(words.shortcut, controls.shortcut),
          label(words.width, controls.width), label(words.rate, controls.rate), label(words.seed, controls.seed),
          label(words.normalization, controls.normalizes))),
      message,
      make('div', { class: 'pg-sides' }, ...sides.map((side) => side.node)),
      key,
      make('div', { class: 'pg-charts' }, charts.error.node, charts.loss.node, charts.norms.node),
      files,
      make('p', { class: 'pg-note' }, words.difference));

    const name = (side) => side.type === 'plain' || settings.shortcut === 0
      ? `plain-${settings.depth}` : `ResNet-${settings.depth} ${shortcuts[settings.shortcut]}`;

    function command(side) {
      const isPlain = side.type === 'plain' || settings.shortcut === 0;
      return `swift run resnet train --arch ${isPlain ? 'plain' : 'resnet'}${settings.depth}`
        + `${isPlain ? '' : ` --shortcut ${shortcuts[settings.shortcut]}`} --dataset digits`
        + ` --width ${settings.width} --learning-rate ${settings.rate} --seed ${settings.seed}`;
    }

    async function copy(side) {
      try {
        await navigator.clipboard.writeText(side.command.textContent);
        message.textContent = words.copied;
      } catch {
        getSelection().selectAllChildren(side.command);
      }
    }

    /** Puts both networks back to their first weights. */
    function create() {
      run += 1;
      announced = 0;
      for (const side of sides) {
        const own = { ...settings, shortcut: side.type === 'plain' ? 0 : settings.shortcut };
        Object.assign(side, { losses: [], epochs: [], norms: [], last: undefined, isOver: false });
        side.id = identity();
        side.started = undefined;
        side.title.textContent = name(side);
        side.picture.build(own);
        side.command.textContent = settings.normalizes ? command(side) : words.noCommand;
        side.copy.hidden = !settings.normalizes;
        side.worker?.postMessage({ kind: 'create', settings: own, run });
      }
      show();
    }

    /** Workers are made when they are first needed: a page that is only read takes none. */
    function wake() {
      if (sides[0].worker) return;
      for (const side of sides) {
        side.worker = start();
        side.worker.onmessage = (event) => receive(side, event.data);
        side.worker.onerror = (event) => {
          isGoing = false;
          message.textContent = say('broken', event.message);
          showButtons();
        };
      }
      create();
    }

    function receive(side, report) {
      if (report.run !== run) return;
      side.losses.push(...report.losses);
      side.epochs.push(...report.epochs);
      if (report.norms.length) side.norms = report.norms;
      side.last = report;
      side.isOver ||= report.isOver;
      if (report.losses.length) side.started ??= new Date();
      if (side.isOver) side.finished ??= new Date();
      if (isGoing && sides.every((other) => other.isOver)) {
        isGoing = false;
        announce(words.finished);
      } else {
        const epochs = Math.min(...sides.map((other) => other.isOver ? 99 : other.epochs.length));
        if (isGoing && epochs < 99 && epochs >= announced + 5) {
          announced = epochs;
          announce(say('after', epochs));
        }
      }
      show();
    }

    function announce(text) {
      const scores = sides.map((side) => {
        const last = side.epochs[side.epochs.length - 1];
        if (side.last?.hasDiverged) return say('divergedShort', name(side));
        return last ? say('score', name(side), percent(last.trainError), percent(last.testError)) : '';
      }).filter((text) => text);
      message.textContent = [text, ...scores].join(' ');
    }

    function send(kind) { for (const side of sides) side.worker.postMessage({ kind }); }

    function toggle() {
      wake();
      isGoing = !isGoing && !sides.every((side) => side.isOver);
      send(isGoing ? 'go' : 'stop');
      announce(isGoing ? words.started : words.paused);
      showButtons();
    }

    function oneStep() {
      wake();
      if (isGoing) toggle();
      send('step');
      message.textContent = '';
    }

    function rewind() {
      wake();
      isGoing = false;
      create();
      message.textContent = say('rewound', settings.seed);
    }

    function change() {
      const wasGoing = isGoing;
      for (const name of ['depth', 'shortcut', 'width', 'rate']) settings[name] = +controls[name].value;
      const seed = Math.round(+controls.seed.value);
      settings.seed = Math.min(2147483647, Math.max(0, seed || 0));
      controls.seed.value = settings.seed;
      settings.normalizes = controls.normalizes.checked ? 1 : 0;
      toLink();
      isGoing = false;
      create();
      message.textContent = '';
      if (wasGoing) toggle();
    }

    function showButtons() {
      const isOver = sides.every((side) => side.isOver);
      go.textContent = isGoing ? words.pause : words.start;
      go.disabled = isOver;
      go.classList.toggle('going', isGoing);
    }

    // Drawing takes a core, and both may be training.
    const show = paced(() => {
      showButtons();
      for (const side of sides) {
        const { last } = side;
        const epoch = side.epochs[side.epochs.length - 1];
        side.bar.value = last ? last.step / last.total : 0;
        side.bar.setAttribute('aria-label', say('progress', name(side)));
        const facts = [];
        if (last) facts.push(say('parameters', number(last.parameters)));
        if (last?.step) {
          facts.push(say('steps', number(last.step), number(last.total)));
          facts.push(say('lossNow', number(side.losses[side.losses.length - 1], 3)));
        }
        if (epoch) facts.push(say('errors', percent(epoch.trainError), percent(epoch.testError)));
        if (last?.trained) {
          facts.push(say('speed', number(last.images / last.trained)));
          if (!side.isOver) facts.push(say('left', number(last.seconds / last.step * (last.total - last.step), 0)));
        }
        if (last?.hasDiverged) facts.push(words.diverged);
        side.facts.replaceChildren(...facts.map((fact) => make('span', {}, fact)));
        if (!facts.length) side.facts.textContent = words.ready;
        const smallest = Math.min(...side.norms);
        const largest = Math.max(...side.norms);
        side.picture.show(side.norms, say('diagram', name(side), (settings.depth - 2) / 6)
          + (side.norms.length ? ` ${say('diagramNorms', smallest.toPrecision(2), largest.toPrecision(2))}` : ''));
      }
      const lines = (points) => sides.map((side) => ({ type: side.type, points: points(side) }));
      const read = (key) => (side) => side.epochs.map((epoch) => [epoch.epoch, 100 * epoch[key]]);
      charts.error.show(
        [...lines(read('trainError')),
          ...lines(read('testError')).map((line) => ({ ...line, type: `${line.type} test` }))],
        20, described('errors'));
      charts.loss.show(lines((side) => smooth(side.losses)), sides[0].last?.total || 460, described('loss'));
      charts.norms.show(
        lines((side) => side.norms.map((norm, index) => [index + 1, norm])), settings.depth - 1, described('norms'));
    }, 250);

    /** The mean of each step's loss and those of the steps before, each of which weighs a tenth less. */
    function smooth(losses) {
      let mean = losses[0];
      return losses.map((loss, index) => [index + 1, mean += (loss - mean) * Math.max(0.1, 1 / (index + 1))]);
    }

    function described(what) {
      return sides.map((side) => {
        const epoch = side.epochs[side.epochs.length - 1];
        if (what === 'errors') return epoch
          ? `${say('after', epoch.epoch)} ${say('score', name(side), percent(epoch.trainError), percent(epoch.testError))}`
          : `${name(side)}: ${words.nothing}`;
        if (what === 'loss') return side.losses.length
          ? `${name(side)}: ${say('lossNow', number(side.losses[side.losses.length - 1], 3))}`
          : `${name(side)}: ${words.nothing}`;
        return side.norms.length
          ? say('normsNow', name(side), side.norms[0].toPrecision(2), side.norms[side.norms.length - 1].toPrecision(2))
          : `${name(side)}: ${words.nothing}`;
      }).join(' ');
    }

    // MARK: Results as `metrics export` writes them

    function identity() {
      const numbers = crypto.getRandomValues(new Uint8Array(16));
      numbers[6] = numbers[6] & 15 | 64;
      numbers[8] = numbers[8] & 63 | 128;
      const text = [...numbers].map((value) => value.toString(16).padStart(2, '0')).join('');
      return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    }

    const moment = (date) => date?.toISOString().replace('T', ' ').replace('Z', '') ?? null;

    /** A number as it is kept, or the word for one that isn't finite. */
    const kept = (value) =>
      isFinite(value) ? value : Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';

    function rows(table) {
      return sides.filter((side) => side.losses.length).sort((one, two) => one.id < two.id ? -1 : 1).flatMap((side) => {
        const isPlain = side.type === 'plain' || settings.shortcut === 0;
        if (table === 'runs') {
          const rest = `width ${settings.width} channels 1`;
          const twin = `plain-${settings.depth} ${rest}`;
          const network = isPlain ? twin : `ResNet-${settings.depth} ${shortcuts[settings.shortcut]} ${rest}`;
          const hyperparameters = {
            batch_size: 64, epochs: 20, learning_rate: settings.rate, learning_rate_drops: '10,15', momentum: 0.9,
            weight_decay: 0.0001, ...(settings.normalizes ? {} : { normalization: 'none' }),
          };
          const isFinished = side.isOver && !side.last.hasDiverged;
          return [{
            id: side.id, chapter: null, experiment: 'playground', architecture: 'cifar-resnet', depth: settings.depth,
            width: settings.width, shortcut: isPlain ? 'none' : shortcuts[settings.shortcut], dataset: 'digits',
            seed: settings.seed, hyperparameters: JSON.stringify(hyperparameters), code_version: 'web',
            host: 'web', pid: 0, process_started: '', threads: 1, started: moment(side.started),
            last_recorded: moment(side.finished ?? new Date()), finished: moment(side.finished ?? new Date()),
            status: isFinished ? 'finished' : side.last.hasDiverged ? 'failed' : 'interrupted', message: null,
            network, plain_twin: twin, name: null, note: null, learner: null, session: null,
          }];
        }
        if (table === 'layer_statistics') {
          return side.epochs.flatMap(({ step, norms }) => norms.map((norm, index) => {
            const block = Math.floor((index - 1) / 2);
            const count = (settings.depth - 2) / 6;
            const within = `layer${Math.floor(block / count) + 1}.${block % count}.conv${(index - 1) % 2 + 1}`;
            return {
              run: side.id, statistic: 'gradient_norm', step, layer: index, layer_name: index ? within : 'conv1',
              value: kept(norm),
            };
          }));
        }
        const last = side.epochs[side.epochs.length - 1];
        // A run that ended early says with which loss.
        const end = side.last.hasDiverged && last?.step !== side.last.step
          ? [{ run: side.id, name: 'loss', split: 'train', step: side.last.step, epoch: side.epochs.length + 1,
            value: kept(side.losses[side.losses.length - 1]) }] : [];
        return [['error', 'test'], ['error', 'train'], ['loss', 'test'], ['loss', 'train']].flatMap(([name, split]) => [
          ...side.epochs.map((epoch) => ({
            run: side.id, name, split, step: epoch.step, epoch: epoch.epoch,
            value: kept(epoch[split + (name === 'loss' ? 'Loss' : 'Error')]),
          })),
          ...(name === 'loss' && split === 'train' ? end : []),
        ]);
      });
    }

    const columns = {
      runs: ['id', 'chapter', 'experiment', 'architecture', 'depth', 'width', 'shortcut', 'dataset', 'seed',
        'hyperparameters', 'code_version', 'host', 'pid', 'process_started', 'threads', 'started', 'last_recorded',
        'finished', 'status', 'message', 'network', 'plain_twin', 'name', 'note', 'learner', 'session'],
      metrics: ['run', 'name', 'split', 'step', 'epoch', 'value'],
      layer_statistics: ['run', 'statistic', 'step', 'layer', 'layer_name', 'value'],
    };

    function exported(table, format) {
      if (format === 'json') return `[${rows(table).map((row) => `\n  ${JSON.stringify(row)}`).join(',')}\n]\n`;
      const field = (value) => value === null ? '' : value === '' ? '""'
        : /[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
      const lines = rows(table).map((row) => columns[table].map((name) => field(row[name])).join(','));
      return [columns[table].join(','), ...lines].map((line) => `${line}\r\n`).join('');
    }

    function save(table, format) {
      const type = format === 'csv' ? 'text/csv' : 'application/json';
      const address = URL.createObjectURL(new Blob([exported(table, format)], { type }));
      make('a', { href: address, download: `${table}.${format}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    }

    document.addEventListener('visibilitychange', () => {
      if (isGoing) send(document.hidden ? 'stop' : 'go');
    });
    addEventListener('hashchange', () => {
      const given = fromLink();
      if (!Object.keys(given).length) return;
      Object.assign(settings, given);
      for (const name of ['depth', 'shortcut', 'width', 'rate', 'seed']) controls[name].value = settings[name];
      controls.normalizes.checked = settings.normalizes === 1;
      isGoing = false;
      create();
    });
    if (location.hash.startsWith('#train:')) place.scrollIntoView();
    create();
    // For tests, and for whoever looks into the page.
    place.playground = { sides, exported, settings };
  }

  // MARK: Cells

  /** A shade for a pixel of 0 to 16, which leaves out those on which neither ink nor paper could be read. */
  function ink(pixel) {
    const share = pixel <= 8 ? 35 * pixel / 8 : 70 + 30 * (pixel - 9) / 7;
    return `color-mix(in srgb, var(--pg-ink) ${share}%, var(--pg-paper))`;
  }

  /** Draws an image of any size into a canvas: a function from row and column to 0 … 1. */
  function paint(canvas, size, value, colors) {
    const context = canvas.getContext('2d');
    const image = context.createImageData(size, size);
    for (let place = 0; place < size * size; place += 1) {
      const share = Math.min(1, Math.max(0, value(Math.floor(place / size), place % size)));
      for (let channel = 0; channel < 3; channel += 1) {
        image.data[4 * place + channel] = colors[0][channel] + share * (colors[1][channel] - colors[0][channel]);
      }
      image.data[4 * place + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  /** Paper and ink as numbers. */
  function colors() {
    const probe = make('span', { class: 'pg-probe' });
    document.body.append(probe);
    const style = getComputedStyle(probe);
    const numbers = (text) => text.match(/[\d.]+/g).slice(0, 3).map(Number);
    const result = [numbers(style.backgroundColor), numbers(style.color)];
    probe.remove();
    return result;
  }

  /** Tells who draws by numbers when light and dark change. */
  const scheme = { listeners: [] };
  function whenSchemeChanges(body) { scheme.listeners.push(body); }
  const tell = () => scheme.listeners.forEach((body) => body());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell);
  new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ['data-theme'] });

  // MARK: A convolution, one step after the other

  function convolve(place) {
    const filters = {
      vertical: [1, 0, -1, 1, 0, -1, 1, 0, -1], horizontal: [1, 1, 1, 0, 0, 0, -1, -1, -1],
      corner: [0, -1, 0, -1, 4, -1, 0, -1, 0], mean: [1, 1, 1, 1, 1, 1, 1, 1, 1], same: [0, 0, 0, 0, 1, 0, 0, 0, 0],
    };
    let image = 0;
    let filter = [...filters.vertical];
    let [stride, padding, position, side, timer] = [1, 1, 0, 8, undefined];
    let result = [];
    const grid = (name, text) => make('div', { class: `pg-grid ${name}`, role: 'img', 'aria-label': text });
    const input = grid('input', '');
    const output = make('div', {
      class: 'pg-grid output', role: 'slider', tabindex: 0, 'aria-label': words.outputPixel, 'aria-valuemin': 1,
    });
    const sum = make('p', { class: 'pg-sum' });
    const weights = filter.map((weight, index) => make('input', {
      type: 'number', min: -9, max: 9, step: 1, value: weight,
      'aria-label': say('weight', Math.floor(index / 3) + 1, index % 3 + 1),
      onchange: () => {
        filter = weights.map((control) => Math.max(-9, Math.min(9, Math.round(+control.value) || 0)));
        compute();
      },
    }));
    const pick = choice(
      Array.from({ length: 10 }, (_, digit) => [labels.indexOf(digit), digit]), 0,
      () => { image = +pick.value; compute(); });
    const preset = choice(
      Object.keys(filters).map((name) => [name, words.filters[name]]), 'vertical', () => {
        filter = [...filters[preset.value]];
        filter.forEach((weight, index) => { weights[index].value = weight; });
        compute();
      });
    const strides = choice([[1, 1], [2, 2]], 1, () => { stride = +strides.value; compute(); });
    const paddings = choice([[0, 0], [1, 1]], 1, () => { padding = +paddings.value; compute(); });
    const go = button(words.start, toggle, { class: 'pg-go' });

    place.replaceChildren(
      make('div', { class: 'pg-bar' }, go, button(words.stepButton, () => { stop(); move(1); }),
        button(words.rewind, () => { stop(); moveTo(0); }),
        make('div', { class: 'pg-settings' }, label(words.digit, pick), label(words.filter, preset),
          label(words.stride, strides), label(words.padding, paddings))),
      make('div', { class: 'pg-convolution' },
        make('figure', {}, make('figcaption', {}, words.input), input),
        make('figure', {}, make('figcaption', {}, words.filter), make('div', { class: 'pg-grid filter' }, ...weights)),
        make('figure', {}, make('figcaption', {}, words.output), output)),
      sum);

    async function compute() {
      const { calls, floats } = await machine();
      floats().set(images.subarray(64 * image, 64 * image + 64));
      floats().set(filter, 64);
      side = calls.convolve(stride, padding);
      result = [...floats().subarray(0, side * side)];
      position = Math.min(position, side * side - 1);
      build();
      show();
    }

    let cells = { input: [], output: [] };
    function build() {
      const width = 8 + 2 * padding;
      input.style.setProperty('--columns', width);
      output.style.setProperty('--columns', side);
      cells.input = Array.from({ length: width * width }, (_, index) => {
        const [row, column] = [Math.floor(index / width) - padding, index % width - padding];
        const isInside = row >= 0 && row < 8 && column >= 0 && column < 8;
        const value = isInside ? images[64 * image + 8 * row + column] : 0;
        const cell = make('span', { class: isInside ? '' : 'outside' }, String(value));
        cell.style.background = isInside ? ink(value) : '';
        cell.classList.toggle('dark', value > 8);
        cell.value = value;
        return cell;
      });
      cells.output = result.map((value, index) => make('span', {
        onclick: () => { stop(); moveTo(index); output.focus(); },
      }));
      input.replaceChildren(...cells.input);
      output.replaceChildren(...cells.output);
      input.setAttribute('aria-label', say('inputDescription', labels[image]));
      output.setAttribute('aria-valuemax', result.length);
    }

    function show() {
      const width = 8 + 2 * padding;
      const [row, column] = [Math.floor(position / side) * stride, position % side * stride];
      const terms = [];
      cells.input.forEach((cell, index) => {
        const [down, right] = [Math.floor(index / width) - row, index % width - column];
        const isSeen = down >= 0 && down < 3 && right >= 0 && right < 3;
        cell.classList.toggle('seen', isSeen);
        if (isSeen) terms.push(`${cell.value}·${String(filter[3 * down + right]).replace('-', '−')}`);
      });
      const largest = Math.max(1, ...result.map(Math.abs));
      cells.output.forEach((cell, index) => {
        const value = result[index];
        const isKnown = index <= position;
        cell.textContent = isKnown ? String(value).replace('-', '−') : '';
        cell.className = index === position ? 'seen' : '';
        const share = Math.abs(value) / largest;
        const hue = value < 0 ? '--pg-plain' : '--pg-residual';
        cell.style.background = isKnown ? `color-mix(in srgb, var(${hue}) ${50 * share}%, var(--pg-paper))` : '';
      });
      const value = String(result[position]).replace('-', '−');
      sum.textContent = `${terms.join(' + ')} = ${value}`;
      output.setAttribute('aria-valuenow', position + 1);
      output.setAttribute('aria-valuetext',
        say('outputText', Math.floor(position / side) + 1, position % side + 1, value));
    }

    function moveTo(index) { position = Math.min(result.length - 1, Math.max(0, index)); show(); }
    function move(by) { moveTo(position + by); }
    function stop() { clearInterval(timer); timer = undefined; go.textContent = words.start; }
    function toggle() {
      if (timer) return stop();
      if (position === result.length - 1) moveTo(0);
      go.textContent = words.pause;
      timer = setInterval(() => {
        if (document.hidden) return;
        if (position === result.length - 1) stop(); else move(1);
      }, 250);
    }
    output.onkeydown = (event) => {
      const by = {
        ArrowRight: 1, ArrowLeft: -1, ArrowDown: side, ArrowUp: -side, Home: -position, End: result.length,
      }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      stop();
      move(by);
    };
    compute();
  }

  // MARK: A digit that the reader draws

  function drawing(place) {
    const pad = make('canvas', { width: 32, height: 32, tabindex: 0, role: 'application', 'aria-label': words.pad });
    const seen = make('canvas', { width: 8, height: 8, role: 'img', 'aria-label': words.seenImage });
    const answer = make('p', { class: 'pg-answer', role: 'status' }, words.drawFirst);
    const bars = make('div', { class: 'pg-bars' });
    const maps = make('div', { class: 'pg-maps' });
    let strokes = [];
    let pen;
    const cursor = { x: 16, y: 16, isDown: false, isShown: false };
    let pixels = new Float32Array(64);
    let next = 0;

    place.replaceChildren(
      make('div', { class: 'pg-drawing' },
        make('figure', {}, make('figcaption', {}, words.drawHere), pad,
          make('div', { class: 'pg-bar' }, button(words.clear, clear), button(words.anotherDigit, another))),
        make('figure', {}, make('figcaption', {}, words.whatItSees), seen),
        make('div', { class: 'pg-verdict' }, answer, bars)),
      maps);

    function clear() {
      strokes = [];
      cursor.isDown = false;
      pixels.fill(0);
      look();
    }

    async function another() {
      const { test } = await machine();
      strokes = [];
      next = (next + 7) % test.length;
      pixels = Float32Array.from(images.subarray(64 * test[next], 64 * test[next] + 64), (value) => value / 16);
      look(labels[test[next]]);
    }

    /** The strokes as 32x32 bits, moved and enlarged as the forms of the data set were, each 4x4 of them a pixel. */
    function rasterize() {
      const bits = rasterized(fitted());
      pixels = new Float32Array(64);
      bits.forEach((bit, index) => {
        if (bit) pixels[8 * Math.floor(index / 128) + Math.floor(index % 32 / 4)] += 1 / 16;
      });
    }

    function fitted() {
      const points = strokes.flat();
      const [left, right] = [Math.min(...points.map((point) => point[0])), Math.max(...points.map((point) => point[0]))];
      const [top, bottom] = [Math.min(...points.map((point) => point[1])), Math.max(...points.map((point) => point[1]))];
      const scale = Math.min(28 / Math.max(bottom - top, 1), 24 / Math.max(right - left, 1), 4);
      return strokes.map((stroke) => stroke.map(([x, y]) =>
        [16 + (x - (left + right) / 2) * scale, 16 + (y - (top + bottom) / 2) * scale]));
    }

    function rasterized(strokes, radius = 2) {
      const bits = new Uint8Array(1024);
      for (const stroke of strokes) {
        stroke.forEach((end, index) => {
          const from = stroke[Math.max(0, index - 1)];
          const pieces = Math.ceil(Math.hypot(end[0] - from[0], end[1] - from[1])) + 1;
          for (let piece = 1; piece <= pieces; piece += 1) {
            const [x, y] = [0, 1].map((axis) => from[axis] + (end[axis] - from[axis]) * piece / pieces);
            for (let row = Math.max(0, Math.floor(y - radius)); row <= Math.min(31, y + radius); row += 1) {
              for (let column = Math.max(0, Math.floor(x - radius)); column <= Math.min(31, x + radius); column += 1) {
                if (Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) bits[32 * row + column] = 1;
              }
            }
          }
        });
      }
      return bits;
    }

    async function look(label) {
      const shades = colors();
      const bits = strokes.length ? rasterized(strokes, 1.6) : undefined;
      paint(pad, 32, (row, column) => {
        const isCursor = cursor.isShown && Math.hypot(column - cursor.x, row - cursor.y) < 1.5;
        if (isCursor) return 0.5;
        return bits ? bits[32 * row + column] : pixels[8 * (row >> 2) + (column >> 2)];
      }, shades);
      paint(seen, 8, (row, column) => pixels[8 * row + column], shades);
      if (!pixels.some((pixel) => pixel > 0)) {
        answer.textContent = words.drawFirst;
        bars.replaceChildren();
        maps.replaceChildren();
        return;
      }
      const { calls, floats, doubles } = await machine();
      floats().set(pixels);
      calls.look();
      const probabilities = doubles(10);
      const values = floats().slice(0, 64 * 8 * 2 + 16 * 16 + 4 * 32);
      const best = probabilities.indexOf(Math.max(...probabilities));
      answer.textContent = [say('answer', best, percent(probabilities[best])), label === undefined ? '' : say('truth', label)]
        .join(' ').trim();
      bars.replaceChildren(...probabilities.map((share, digit) => {
        const bar = make('span', { class: digit === best ? 'bar best' : 'bar' });
        bar.style.setProperty('--share', share);
        return make('div', {}, make('span', {}, String(digit)), bar, make('span', { class: 'value' }, percent(share)));
      }));
      let first = 0;
      maps.replaceChildren(...[[8, 8], [8, 8], [4, 16], [2, 32]].map(([size, channels], stage) => {
        const stageValues = values.subarray(first, first + size * size * channels);
        first += size * size * channels;
        const largest = Math.max(1e-6, ...stageValues);
        const tiles = Array.from({ length: channels }, (_, channel) => {
          const canvas = make('canvas', { width: size, height: size });
          paint(canvas, size, (row, column) => stageValues[(row * size + column) * channels + channel] / largest, shades);
          return canvas;
        });
        const name = stage ? say('stageMaps', stage, channels, size) : say('firstMaps', channels, size);
        return make('figure', {}, make('figcaption', {}, name),
          make('div', { class: 'pg-tiles', role: 'img', 'aria-label': name }, ...tiles));
      }));
    }
    const later = paced(() => look());

    const point = (event) => {
      const box = pad.getBoundingClientRect();
      return [32 * (event.clientX - box.left) / box.width, 32 * (event.clientY - box.top) / box.height];
    };
    pad.onpointerdown = (event) => {
      event.preventDefault();
      pad.setPointerCapture(event.pointerId);
      pad.focus({ preventScroll: true });
      cursor.isShown = false;
      pen = [point(event)];
      strokes.push(pen);
      rasterize();
      later();
    };
    pad.onpointermove = (event) => {
      if (!pen) return;
      pen.push(point(event));
      rasterize();
      later();
    };
    pad.onpointerup = pad.onpointercancel = () => { pen = undefined; };
    pad.onkeydown = (event) => {
      const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      if (event.key === ' ') {
        cursor.isDown = !cursor.isDown;
        if (cursor.isDown) strokes.push([[cursor.x, cursor.y]]);
        answer.textContent = cursor.isDown ? words.penDown : words.penUp;
      } else if (event.key === 'Delete' || event.key === 'Backspace') {
        clear();
      } else if (by) {
        cursor.x = Math.min(30, Math.max(2, cursor.x + 2 * by[0]));
        cursor.y = Math.min(30, Math.max(2, cursor.y + 2 * by[1]));
        if (cursor.isDown) strokes[strokes.length - 1].push([cursor.x, cursor.y]);
      } else {
        return;
      }
      event.preventDefault();
      cursor.isShown = true;
      if (strokes.length) rasterize();
      if (event.key !== ' ') later();
    };
    pad.onblur = () => { if (cursor.isShown) { cursor.isShown = false; later(); } };
    whenSchemeChanges(later);
    another();
  }

  // MARK: Blocks deleted and exchanged

  async function operate(place) {
    const { calls, floats, test, blocks } = await machine();
    const whole = Array.from({ length: blocks }, (_, index) => index);
    const perStage = blocks / 3;
    let order = [...whole];
    let deleted = new Set();
    let base;
    const message = make('p', { class: 'pg-answer', role: 'status' });
    const stages = make('div', { class: 'pg-stages' });
    const picture = make('canvas', { role: 'img', width: 24 * 9, height: 15 * 9 });
    const list = make('p', { class: 'pg-facts' });
    place.replaceChildren(
      make('p', {}, words.operateHint), stages,
      make('div', { class: 'pg-bar' }, button(words.restore, () => { order = [...whole]; deleted = new Set(); show(); })),
      message, make('figure', { class: 'pg-test' }, make('figcaption', {}, say('testDigits', test.length)), picture), list);

    function show(focus) {
      const left = order.filter((block) => !deleted.has(block));
      floats().set(left);
      const error = calls.operate(left.length);
      base ??= error;
      const predictions = floats().slice(0, test.length);
      const wrong = test.map((index, place) => place).filter((place) => predictions[place] !== labels[test[place]]);
      message.textContent = say('operated', percent(error), wrong.length, test.length, percent(base));
      const act = (key, body) => () => { body(); show(key); };
      stages.replaceChildren(...[0, 1, 2].map((stage) => {
        const buttons = [];
        for (let place = 0; place < perStage; place += 1) {
          const position = stage * perStage + place;
          const block = order[position];
          const canGo = calls.is_removable(block) === 1;
          const name = `${stage + 1}.${block % perStage + 1}`;
          const title = say(canGo ? 'deleteBlock' : 'fixedBlock', name);
          const isDeleted = deleted.has(block);
          buttons.push(button(name, act(`block${position}`, () => {
            if (isDeleted) deleted.delete(block); else deleted.add(block);
          }), { class: isDeleted ? 'pg-block deleted' : 'pg-block', disabled: !canGo, title, 'aria-label': title,
            'aria-pressed': String(isDeleted), 'data-key': `block${position}` }));
          if (!canGo || place + 1 === perStage) continue;
          const swap = say('swapBlocks', place + 1, place + 2);
          buttons.push(button('⇄', act(`swap${position}`, () => {
            [order[position], order[position + 1]] = [order[position + 1], order[position]];
          }), { class: 'pg-swap', title: swap, 'aria-label': swap, 'data-key': `swap${position}` }));
        }
        const name = say('stage', stage + 1);
        return make('div', { role: 'group', 'aria-label': name }, make('span', { class: 'pg-stage' }, name), ...buttons);
      }));
      if (focus) stages.querySelector(`[data-key="${focus}"]`)?.focus();
      const shades = colors();
      const context = picture.getContext('2d');
      context.clearRect(0, 0, picture.width, picture.height);
      test.forEach((index, place) => {
        const isWrong = predictions[place] !== labels[index];
        const tile = context.createImageData(8, 8);
        for (let pixel = 0; pixel < 64; pixel += 1) {
          const share = images[64 * index + pixel] / 16;
          const [paper, pen] = isWrong ? [[200, 40, 40], [255, 255, 255]] : shades;
          for (let channel = 0; channel < 3; channel += 1) {
            tile.data[4 * pixel + channel] = paper[channel] + share * (pen[channel] - paper[channel]);
          }
          tile.data[4 * pixel + 3] = 255;
        }
        context.putImageData(tile, 9 * (place % 24), 9 * Math.floor(place / 24));
      });
      picture.setAttribute('aria-label', say('testPicture', wrong.length, test.length));
      const mistakes = new Map();
      for (const place of wrong) {
        const text = say('mistake', labels[test[place]], predictions[place] < 0 ? '?' : predictions[place]);
        mistakes.set(text, (mistakes.get(text) ?? 0) + 1);
      }
      const common = [...mistakes].sort((one, two) => two[1] - one[1]).slice(0, 6);
      list.replaceChildren(...common.map(([text, count]) => make('span', {}, `${text}: ${count}`)));
    }
    whenSchemeChanges(() => show());
    show();
  }

  // A widget is made when it comes near: a page that isn't scrolled starts nothing.
  const kinds = { train, convolve, draw: drawing, operate };
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      kinds[entry.target.dataset.kind]?.(entry.target);
    }
  }, { rootMargin: '600px' });
  for (const place of places) {
    // A link with settings means the one that trains.
    if (place.dataset.kind === 'train' && location.hash.startsWith('#train:')) train(place); else watcher.observe(place);
  }
})();
