/// What a report does beside being read: curves, choices, saved tables, copied questions. Everything it shows comes
/// from the tables in the page, and is set as text, never as markup.
let reportScript: StaticString = #"""
  (function () {
    'use strict';
    const page = document.documentElement;
    const byID = (id) => document.getElementById(id);
    const stored = (id) => byID(id).content ? byID(id).content.textContent : byID(id).textContent;
    const words = JSON.parse(stored('words'));
    page.classList.remove('no-script');

    function fill(pattern, ...values) {
      return pattern.replace(/\{(\d)\}/g, (_, index) => values[index]);
    }

    /** An element of HTML, or of SVG where the name begins with `svg:`. */
    function make(name, attributes, ...children) {
      const element = name.startsWith('svg:')
        ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4)) : document.createElement(name);
      for (const key in attributes) element.setAttribute(key, attributes[key]);
      element.append(...children);
      return element;
    }

    /** A saved table: its columns, and an array of texts for each row. */
    function table(id) {
      const rows = [[]];
      let cell = '', quoted = false;
      const text = stored(id);
      for (let index = 0; index < text.length; index++) {
        const sign = text[index];
        if (quoted) {
          if (sign !== '"') cell += sign;
          else if (text[index + 1] === '"') { cell += '"'; index++; }
          else quoted = false;
        } else if (sign === '"') quoted = true;
        else if (sign === ',') { rows[rows.length - 1].push(cell); cell = ''; }
        else if (sign === '\n') { rows[rows.length - 1].push(cell); cell = ''; rows.push([]); }
        else cell += sign;
      }
      rows.pop();
      return { columns: rows[0], rows: rows.slice(1) };
    }

    const number = (text) => text === '' ? NaN : Number(text);
    const compare = new Intl.Collator(page.lang, { numeric: true }).compare;
    const unique = (values) => [...new Set(values)];

    // MARK: Colours, copying, saving

    for (const input of document.querySelectorAll('input[name=theme]')) {
      input.addEventListener('change', () => {
        if (input.value) page.dataset.theme = input.value; else delete page.dataset.theme;
      });
    }

    for (const button of document.querySelectorAll('.copy')) {
      const label = button.textContent;
      button.addEventListener('click', async () => {
        const code = button.parentNode.querySelector('code');
        try {
          await navigator.clipboard.writeText(code.textContent);
        } catch {
          getSelection().selectAllChildren(code);
          document.execCommand('copy');
        }
        button.textContent = words.copied;
        setTimeout(() => { button.textContent = label; }, 2000);
      });
    }

    for (const button of document.querySelectorAll('.save')) {
      button.addEventListener('click', () => {
        const name = button.dataset.table;
        const link = make('a', {
          href: URL.createObjectURL(new Blob([stored(name)], { type: 'text/csv' })), download: name,
        });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      });
    }

    // MARK: Charts

    const tidy = (value) => String(Number(value.toPrecision(6)));

    function ticks(low, high, isLog) {
      if (isLog) {
        const powers = [];
        for (let power = Math.floor(low); power <= Math.ceil(high); power++) powers.push(power);
        const every = Math.ceil(powers.length / 8);
        return powers.filter((_, index) => index % every === 0);
      }
      const rough = (high - low) / 5 || 1;
      const size = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].find((factor) => rough <= factor * size) * size;
      const values = [];
      for (let index = Math.floor(low / step); index <= Math.ceil(high / step); index++) values.push(index * step);
      return values;
    }

    function swatch(line) {
      return make('svg:svg', { class: 'swatch series' + line.color % 7, 'aria-hidden': 'true' },
        make('svg:line', { class: 'dash' + Math.floor(line.color / 7) % 4, x1: 0, x2: 28, y1: 6, y2: 6 }));
    }

    /** Draws lines of `{ label, seed, run, color, points: [{ epoch, text }] }` into a box. */
    function draw(box, lines, metric, isLog, hasLegend) {
      box.replaceChildren();
      const scaled = (text) => isLog ? Math.log10(number(text)) : number(text);
      const shown = lines.map((line) => ({
        ...line, points: line.points.filter((point) => Number.isFinite(scaled(point.text))),
      })).filter((line) => line.points.length);
      box.dataset.lines = shown.length;
      if (!shown.length) { box.append(make('p', {}, words.nothingToDraw)); return; }

      const width = Math.max(240, box.clientWidth || 640), height = width < 480 ? 260 : 360;
      const [left, right, top, bottom] = [56, 12, 28, 40];
      const all = shown.flatMap((line) => line.points);
      const epochs = all.map((point) => point.epoch), values = all.map((point) => scaled(point.text));
      const bounds = (list) => [list.reduce((a, b) => Math.min(a, b)), list.reduce((a, b) => Math.max(a, b))];
      const marks = ticks(...bounds(values), isLog);
      const [low, high] = bounds(marks.length > 1 ? marks.concat(values) : values.concat(values.map((v) => v + 1)));
      const [first, last] = bounds(epochs);
      const x = (epoch) => left + (width - left - right) * (last > first ? (epoch - first) / (last - first) : 0.5);
      const y = (value) => height - bottom - (height - top - bottom) * (value - low) / (high - low);

      const label = fill(words.chart, metric, shown.length);
      const drawing = make('svg:svg', {
        viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label, tabindex: 0,
      });
      for (const mark of marks) {
        drawing.append(
          make('svg:line', { class: 'grid', x1: left, x2: width - right, y1: y(mark), y2: y(mark) }),
          make('svg:text', { x: left - 6, y: y(mark) + 4, 'text-anchor': 'end' }, isLog ? tidy(10 ** mark) : tidy(mark)));
      }
      for (const mark of ticks(first, last, false)) {
        if (mark < first || mark > last || mark !== Math.round(mark)) continue;
        drawing.append(make('svg:text', { x: x(mark), y: height - bottom + 18, 'text-anchor': 'middle' }, tidy(mark)));
      }
      drawing.append(
        make('svg:text', { x: width - right, y: height - 4, 'text-anchor': 'end' }, words.epoch),
        make('svg:text', { x: 0, y: 14 }, metric));
      for (const line of shown) {
        const path = line.points.map((point) => `${x(point.epoch).toFixed(1)},${y(scaled(point.text)).toFixed(1)}`);
        drawing.append(make('svg:polyline', {
          class: `curve series${line.color % 7} dash${Math.floor(line.color / 7) % 4}`, points: path.join(' '),
          'data-run': line.run, 'data-values': line.points.map((point) => point.text).join(' '),
        }));
        if (path.length === 1) {
          const [cx, cy] = path[0].split(',');
          drawing.append(make('svg:circle', { class: `series${line.color % 7}`, fill: 'var(--c)', cx, cy, r: 3 }));
        }
      }
      const marker = make('svg:circle', { class: 'marker', r: 5, visibility: 'hidden' });
      const readout = make('output', { 'aria-live': 'polite' });
      drawing.append(marker);
      box.append(drawing, readout);
      if (hasLegend) {
        box.append(make('ul', { class: 'legend' }, ...shown.map((line) =>
          make('li', {}, swatch(line), `${line.label}, ${line.run.slice(0, 8)}`))));
      }

      // The reader's place: a line and one of its points.
      let [row, column] = [0, 0];
      function show() {
        const line = shown[row], point = line.points[column];
        marker.setAttribute('cx', x(point.epoch));
        marker.setAttribute('cy', y(scaled(point.text)));
        marker.setAttribute('visibility', 'visible');
        readout.textContent = fill(words.point, line.label, line.seed, point.epoch, point.text);
      }
      function nearest(line, epoch) {
        return line.points.reduce((best, point, index) =>
          Math.abs(point.epoch - epoch) < Math.abs(line.points[best].epoch - epoch) ? index : best, 0);
      }
      drawing.addEventListener('focus', show);
      drawing.addEventListener('keydown', (event) => {
        const epoch = shown[row].points[column].epoch;
        const end = shown[row].points.length - 1;
        if (event.key === 'ArrowRight') column = Math.min(end, column + 1);
        else if (event.key === 'ArrowLeft') column = Math.max(0, column - 1);
        else if (event.key === 'Home') column = 0;
        else if (event.key === 'End') column = end;
        else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          row = (row + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % shown.length;
          column = nearest(shown[row], epoch);
        } else return;
        event.preventDefault();
        show();
      });
      drawing.addEventListener('pointermove', (event) => {
        const frame = drawing.getBoundingClientRect();
        const px = (event.clientX - frame.left) * width / frame.width;
        const py = (event.clientY - frame.top) * height / frame.height;
        let least = Infinity;
        shown.forEach((line, lineIndex) => line.points.forEach((point, index) => {
          const distance = Math.hypot(x(point.epoch) - px, y(scaled(point.text)) - py);
          if (distance < least) [least, row, column] = [distance, lineIndex, index];
        }));
        show();
      });
    }

    // MARK: Learning curves

    const curves = table('curves.csv');
    const metrics = curves.columns.slice(6);
    const lines = new Map();
    for (const [experiment, label, seed, run, epoch, , ...values] of curves.rows) {
      if (!lines.has(run)) lines.set(run, { experiment, label, seed, run, color: 0, rows: [] });
      lines.get(run).rows.push({ epoch: Number(epoch), values });
    }

    function withPoints(line, metric) {
      const index = metrics.indexOf(metric);
      return { ...line, points: line.rows.map((row) => ({ epoch: row.epoch, text: row.values[index] || '' })) };
    }

    function options(select, names) {
      select.replaceChildren(...names.map((name) => make('option', {}, name)));
    }

    const isLog = () => byID('curves-scale').selectedIndex === 1;

    function drawCurves() {
      const chosen = (id) => new Set([...byID(id).querySelectorAll(':checked')].map((input) => input.value));
      const [seeds, networks] = [chosen('curves-seeds'), chosen('curves-networks')];
      const metric = byID('curves-metric').value;
      draw(byID('curves-chart'), [...lines.values()].filter((line) =>
        line.experiment === byID('curves-experiment').value && seeds.has(line.seed) && networks.has(line.label))
        .map((line) => withPoints(line, metric)), metric, isLog(), false);
    }

    /** Boxes to tick, the first `ticked` of them ticked. */
    function boxes(id, values, ticked, mark) {
      byID(id).replaceChildren(...values.map((value, index) => {
        const input = make('input', { type: 'checkbox', value });
        input.checked = index < ticked;
        input.addEventListener('change', drawCurves);
        return make('label', {}, input, ...mark(index), value);
      }));
    }

    function chooseExperiment() {
      const own = [...lines.values()].filter((line) => line.experiment === byID('curves-experiment').value);
      const labels = unique(own.map((line) => line.label)).sort(compare);
      for (const line of own) line.color = labels.indexOf(line.label);
      const seeds = unique(own.map((line) => line.seed)).sort(compare);
      // More lines than this can't be told apart: then one seed comes first, and the reader adds others.
      boxes('curves-seeds', seeds, own.length > 24 ? 1 : seeds.length, () => []);
      boxes('curves-networks', labels, labels.length, (color) => [swatch({ color })]);
      drawCurves();
    }

    if (lines.size) {
      options(byID('curves-experiment'), unique([...lines.values()].map((line) => line.experiment)));
      options(byID('curves-metric'), metrics);
      byID('curves-experiment').addEventListener('change', chooseExperiment);
      for (const id of ['curves-metric', 'curves-scale']) {
        byID(id).addEventListener('change', () => { drawCurves(); compareRuns(); });
      }
      for (const button of document.querySelectorAll('[data-choose]')) {
        button.addEventListener('click', () => {
          for (const input of button.parentNode.querySelectorAll('input')) {
            input.checked = button.dataset.choose === 'all';
          }
          drawCurves();
        });
      }
      chooseExperiment();
    }

    // MARK: Two runs

    const runs = table('runs.csv');

    function compareRuns() {
      const pair = [byID('first-run'), byID('second-run')].map((select) => runs.rows[select.selectedIndex]);
      if (!pair[0] || !pair[1]) return;
      const different = runs.columns.map((_, index) => index)
        .filter((index) => index > 0 && pair[0][index] !== pair[1][index]);
      const row = (kind, cells) => make('tr', {}, ...cells.map((cell, index) =>
        make(index && kind === 'row' ? 'td' : 'th', index && kind === 'row' ? {} : { scope: kind }, cell)));
      byID('two-runs').replaceChildren(different.length
        ? make('div', { class: 'scroll', role: 'group', tabindex: 0, 'aria-label': words.twoRuns }, make('table', {}, make('caption', {}, words.twoRuns),
          make('thead', {}, row('col', [words.quantity, ...pair.map((run) => run[0].slice(0, 8))])),
          make('tbody', {}, ...different.map((index) =>
            row('row', [runs.columns[index], ...pair.map((run) => run[index] || words.nothing)])))))
        : make('p', {}, words.noDifference));
      if (!lines.size) return;
      const metric = byID('curves-metric').value;
      draw(byID('two-curves'), pair.map((run) => lines.get(run[0])).filter(Boolean)
        .map((line, color) => withPoints({ ...line, color }, metric)), metric, isLog(), true);
    }

    for (const [id, choice] of [['first-run', 0], ['second-run', 1]]) {
      const select = byID(id);
      if (!select) continue;
      options(select, runs.rows.map((run) => `${run[0].slice(0, 8)} ${run[3]}, ${run[2]}, ${run[5]}`));
      select.selectedIndex = Math.min(choice, runs.rows.length - 1);
      select.addEventListener('change', compareRuns);
    }
    if (runs.rows.length > 1) compareRuns();

    let width = innerWidth;
    addEventListener('resize', () => {
      if (innerWidth === width) return;
      width = innerWidth;
      if (lines.size) drawCurves();
      if (runs.rows.length > 1) compareRuns();
    });
  })();
  """#
